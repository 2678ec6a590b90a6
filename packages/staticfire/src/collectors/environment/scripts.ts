import type { Project } from '../../facts/project.ts';
import type { Service } from '../../facts/services.ts';

/** The command that starts a service, with the package scripts that it runs on the way. */
export function startText(project: Project, service: Service): string {
  const manifest = project.manifests.find((m) => m.file === service.manifest);
  const scripts = manifest?.scripts ?? {};
  const seen = new Set<string>();
  const parts = [service.start?.command ?? ''];
  const queue = ['prestart', ...scriptsIn(parts[0] ?? '', scripts)];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const text = scripts[name];
    if (text === undefined || seen.has(name)) continue;
    seen.add(name);
    parts.push(text);
    queue.push(`pre${name}`, ...scriptsIn(text, scripts));
  }
  return parts.join('\n');
}

/** Scripts that a command names: `npm run x`, `pnpm x`, `run-s a b`. */
function scriptsIn(command: string, scripts: Readonly<Record<string, string>>): readonly string[] {
  if (!/\b(?:npm|pnpm|yarn|bun|run-s|run-p|npm-run-all|turbo|nx)\b/.test(command)) return [];
  return command.split(/[\s"'&|;]+/).filter((word) => Object.hasOwn(scripts, word));
}

/** Does the command run this file? */
export function runsFile(text: string, service: Service, file: string): boolean {
  const relative =
    service.root === '.' ? file : file.startsWith(`${service.root}/`) ? file.slice(service.root.length + 1) : file;
  const bare = relative.replace(/\.[cm]?[jt]sx?$/, '');
  return text.split(/[\s"'&|;]+/).some((word) => word.replace(/^\.\//, '').replace(/\.[cm]?[jt]sx?$/, '') === bare);
}
