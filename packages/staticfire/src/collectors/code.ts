import { openCache, type Cache } from '../code/cache.ts';
import { link } from '../code/link.ts';
import { load, summariesStand } from '../code/load.ts';
import { createResolver, type Resolver } from '../code/resolve.ts';
import { summaryVersion } from '../code/summarise/summarise.ts';
import { code } from '../facts/code.ts';
import { project, type Project } from '../facts/project.ts';
import { defineCollector, type Change, type KeptContext } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace, WorkspaceFile } from '../model/workspace.ts';

const isSource = ({ path }: WorkspaceFile): boolean =>
  /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(path);

export const codeCollector = defineCollector({
  fact: code,
  needs: { project },

  async collect({ workspace, facts, cacheDir, version, progress }) {
    const files = workspace.files.filter(isSource);
    const cache = cacheOf({ workspace, cacheDir, version });
    const { loaded, unread, counts } = await load(workspace.root, files, cache, (done) => progress(done, files.length));
    const resolver = resolverOf(workspace, facts.project);
    const model = link(loaded, resolver.resolve, { unread, read: counts });
    return known({ ...model, notes: [...resolver.notes, ...(cache.note === undefined ? [] : [cache.note])] });
  },

  unchanged: sayTheSame,
});

const cacheOf = ({ workspace, cacheDir, version }: KeptContext): Cache =>
  openCache({ dir: cacheDir, root: workspace.root, version: `${version}+${summaryVersion}` });

/** Comments and formatting leave a summary as it was. */
function sayTheSame(changes: readonly Change[], context: KeptContext): boolean {
  const cache = cacheOf(context);
  const same = summariesStand(
    context.workspace.root,
    cache,
    changes.filter(({ file }) => isSource(file)),
  );
  cache.close();
  return same;
}

function resolverOf(workspace: Workspace, { manifests }: Project): Resolver {
  const files = [...workspace.above, ...workspace.files].map((file) => file.path);
  return createResolver({ root: workspace.root, files, manifests, read: workspace.read });
}
