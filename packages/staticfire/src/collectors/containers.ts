import { containers, type Containers } from '../facts/containers.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { readCompose, withOverlays } from './containers/compose.ts';
import { withContexts } from './containers/contexts.ts';
import { readDockerfile } from './containers/dockerfile.ts';
import { mayConfigure } from './containers/places.ts';
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
    const each = <T>(name: RegExp, read: Read<T>): readonly T[] => readEach(workspace, name, read, broken);
    const compose = withOverlays(each(composeName, readCompose));
    const platforms = each(platformFile, (file, text) => (mayConfigure(file) ? readPlatform({ file, text }) : []));
    const parsed = each(dockerfileName, (file, text) =>
      notDockerfile.test(file) ? [] : (readDockerfile(file, text) ?? 'no FROM'),
    );
    const workloads = each(workloadFile, (file, text) => (composeName.test(file) ? [] : readWorkloads(file, text)));
    return known({
      dockerfiles: withContexts(workspace, parsed, compose, platforms),
      compose,
      platforms,
      workloads,
      broken,
    });
  },
});

const notDockerfile = /\.(?:dockerignore|md|txt|[cm]?[jt]sx?|ya?ml|json|tpl|hbs|ejs)$/i;

/** What a file says; a text is the reason why it could not be read. */
type Read<T> = (file: string, text: string) => T | readonly T[] | string;

/** Reads each file of that name. What a parser refuses or trips over is kept apart and stops no other file. */
function readEach<T>(workspace: Workspace, name: RegExp, read: Read<T>, broken: Broken[]): readonly T[] {
  return workspace.match(name).flatMap((file) => {
    const text = workspace.read(file);
    if (text === undefined) return [];
    const found = attempt(() => read(file, text));
    if (typeof found !== 'string') return found;
    broken.push({ file, detail: found });
    return [];
  });
}

function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'not readable') : 'not readable';
  }
}
