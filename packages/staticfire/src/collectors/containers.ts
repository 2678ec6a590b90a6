import { containers, type Containers } from '../facts/containers.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { readCompose, withOverlays } from './containers/compose.ts';
import { withContexts } from './containers/contexts.ts';
import { readDockerfile } from './containers/dockerfile.ts';
import { platformFile, readPlatform } from './containers/platforms.ts';
import { readWorkloads, workloadFile } from './containers/workloads.ts';

const dockerfileName = /(?:^|\/)(?:[\w.-]*\.)?(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$/i;
const composeName = /(?:^|\/)(?:[\w.-]+-)?(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/;

type Broken = Containers['broken'][number];

export const containersCollector = defineCollector({
  fact: containers,
  needs: {},
  collect({ workspace }) {
    const broken: Broken[] = [];
    const fail = (file: string, detail: string): readonly [] => (broken.push({ file, detail }), []);
    const compose = withOverlays(
      readEach(workspace, composeName, (file, text) => {
        const found = readCompose(file, text);
        return typeof found === 'string' ? fail(file, found) : found;
      }),
    );
    const platforms = readEach(workspace, platformFile, (file, text) => {
      const found = readPlatform({ file, text });
      return typeof found === 'string' ? fail(file, found) : found;
    });
    const parsed = readEach(workspace, dockerfileName, (file, text) => {
      if (/\.(?:dockerignore|md|txt|[cm]?[jt]sx?|ya?ml|json|tpl|hbs|ejs)$/i.test(file)) return [];
      return readDockerfile(file, text) ?? fail(file, 'no FROM');
    });
    const workloads = readEach(workspace, workloadFile, (file, text) =>
      composeName.test(file) ? [] : readWorkloads(file, text),
    );
    return known({
      dockerfiles: withContexts(workspace, parsed, compose, platforms),
      compose: compose,
      platforms,
      workloads,
      broken,
    });
  },
});

function readEach<T>(
  workspace: Workspace,
  name: RegExp,
  read: (file: string, text: string) => T | readonly T[],
): readonly T[] {
  return workspace.match(name).flatMap((file) => {
    const text = workspace.read(file);
    return text === undefined ? [] : read(file, text);
  });
}
