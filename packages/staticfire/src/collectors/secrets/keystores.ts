import type { Workspace } from '../../model/workspace.ts';
import type { Hit } from './detect.ts';
import { isPlaceholder } from './judge.ts';

const password = /\b(storePassword|keyPassword)\s*[=( ]\s*["']([^"'\n]{4,})["']/g;

/** Passwords of a signing key in a Gradle file, where the key store itself is in the repository. */
export function keystoreSecrets(workspace: Workspace, path: string, text: string): readonly Hit[] {
  if (!/\.gradle(?:\.kts)?$|\.properties$/.test(path) || !text.includes('Password')) return [];
  const stores = workspace.match(/\.(?:jks|keystore|p12)$/i).filter((store) => !/debug/i.test(store));
  if (stores.length === 0) return [];
  return [...text.matchAll(password)]
    .filter((match) => match[2] !== 'android' && !isPlaceholder(match[2] ?? ''))
    .map((match) => ({
      kind: 'keystore-password',
      what: 'key store password beside the key store',
      name: match[1] ?? '',
      form: '…',
      weight: 'real-looking',
      index: match.index,
    }));
}
