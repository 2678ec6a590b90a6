import { link, type Loaded } from '../code/link.ts';
import { parseAll } from '../code/parse-pool.ts';
import { code } from '../facts/code.ts';
import { project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Unread, WorkspaceFile } from '../model/workspace.ts';
import type { FileSummary } from '../code/summary.ts';
import { createResolver } from '../code/resolve.ts';

const isSource = ({ path }: WorkspaceFile): boolean => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(path);

export const codeCollector = defineCollector({
  fact: code,
  needs: { project },

  async collect({ workspace, facts, progress }) {
    const paths = workspace.files.filter(isSource).map((file) => file.path);
    const parsed = await parseAll(workspace.root, paths, { onProgress: (done) => progress(done, paths.length) });
    const loaded = new Map<string, Loaded>();
    const unread: Unread[] = [];
    for (const file of parsed) {
      if (file.kind === 'unread') {
        unread.push(file.unread);
        continue;
      }
      loaded.set(file.path, { head: file.head, body: () => JSON.parse(file.body) as FileSummary });
      const [error] = file.head.errors;
      if (error !== undefined) unread.push({ path: file.path, reason: 'syntax-error', detail: error });
    }
    const files = workspace.files.map((file) => file.path);
    const resolver = createResolver({ root: workspace.root, files, manifests: facts.project.manifests, read: workspace.read });
    return known(link(loaded, resolver.resolve, { unread, read: { parsed: parsed.length, cached: 0 } }));
  },
});
