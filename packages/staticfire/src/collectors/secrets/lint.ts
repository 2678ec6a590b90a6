import type { Hit } from './detect.ts';
import { redacted } from './judge.ts';
import { isRealKey } from './vendors.ts';

export type Lint = (path: string, text: string) => Promise<readonly Hit[]>;

/** What our own patterns judge better: they know hosts and placeholders. */
const ours = /basicauth|database-connection-string|privatekey|filter-comments/;

/** Loads secretlint, which is slow to load and to run, only when a file asks for it. */
export async function loadLint(): Promise<Lint> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };
  return async (path, text) => {
    const source = {
      content: text,
      filePath: `/${path}`,
      ext: path.slice(path.lastIndexOf('.')),
      contentType: 'text' as const,
    };
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true, maskSecrets: true } });
    return messages
      .filter((message) => !ours.test(message.ruleId))
      .flatMap((message) => hitOf(message.ruleId, text, message.range[0], message.range[1]));
  };
}

/** Addresses of Slack are left to our own pattern, which tells a manual's sample from a real one. */
function hitOf(rule: string, text: string, from: number, to: number): readonly Hit[] {
  const value = text.slice(from, to);
  if (value.includes('hooks.slack')) return [];
  if (!isRealKey(value.replace(/^[A-Za-z]{2,8}[-_.]/, ''))) return [];
  const vendor = rule.replace(/^.*secretlint-rule-/, '');
  return [
    {
      kind: 'vendor-key',
      what: `${vendor} credential`,
      name: vendor,
      form: redacted(value, /^[a-z]{2,6}[-_]/i.test(value) ? 4 : 0),
      weight: 'live',
      index: from,
    },
  ];
}
