import { openCache } from '../code/cache.ts';
import { link } from '../code/link.ts';
import { load } from '../code/load.ts';
import { createResolver, type Resolver } from '../code/resolve.ts';
import { summaryVersion } from '../code/summarise/summarise.ts';
import { code } from '../facts/code.ts';
import { project, type Project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace, WorkspaceFile } from '../model/workspace.ts';

const isSource = ({ path }: WorkspaceFile): boolean =>
  /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(path);

export const codeCollector = defineCollector({
  fact: code,
  needs: { project },

  async collect({ workspace, facts, cacheDir, version, progress }) {
    const files = workspace.files.filter(isSource);
    const cache = openCache({ dir: cacheDir, root: workspace.root, version: `${version}+${summaryVersion}` });
    const { loaded, unread, counts } = await load(workspace.root, files, cache, (done) => progress(done, files.length));
    const resolver = resolverOf(workspace, facts.project);
    const model = link(loaded, resolver.resolve, { unread, read: counts });
    return known({ ...model, notes: [...resolver.notes, ...(cache.note === undefined ? [] : [cache.note])] });
  },
});

function resolverOf(workspace: Workspace, { manifests }: Project): Resolver {
  const files = [...workspace.above, ...workspace.files].map((file) => file.path);
  return createResolver({ root: workspace.root, files, manifests, read: workspace.read });
}
