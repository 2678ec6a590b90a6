import type { Run } from './run.ts';
import { constant, markMissing, nothing, type Value } from './values.ts';

const secretWords =
  /SECRET|(?:^|_)KEYS?(?:$|_)|APIKEY|TOKEN|PASSWORD|PASSWD|PASSPHRASE|(?:^|_)PASS$|(?:^|_)PWD$|CREDENTIAL|SIGNATURE|HMAC|(?:^|_)AUTH$/i;
const openWords =
  /PUBLIC|PUBLISHABLE|SITE_?KEY|CAPTCHA|TURNSTILE|ANON_KEY|_UR[LI]$|HOST|DOMAIN|ISSUER|AUDIENCE|EXPIR|TTL|LIFETIME|TIMEOUT|LENGTH|ROUNDS|_ID$|NAME$|HEADER|PATH$|FILE$|_DIR$|ENABLED?$|DISABLED?|REGION|LEVEL|COUNT|LIMIT|MAX|PREFIX|EMAIL|USER$|ALGORITHM|TYPE$|MODE$|DURATION|INTERVAL|COST/i;

/** Does the name of a setting say that its value must not be known? */
export const isSecretName = (name: string): boolean => secretWords.test(name) && !openWords.test(name);

/** The value of a setting under the run's assumption; others are there, and the service runs in production. */
export function readSetting(run: Run, name: string): Value {
  if (!run.reads.has(name)) run.reads.set(name, run.site);
  if (run.missing.has(name)) return markMissing([nothing]);
  if (name === 'NODE_ENV') return constant('production');
  return isSecretName(name) ? [{ k: 'secret', of: name }] : [{ k: 'setting', of: name }];
}

/** `config.get('API_KEY')` and its likes, by the path of what is called. */
export const settingGetter =
  /(?:^|\.)(?:config(?:uration)?(?:Service)?|env(?:Service)?|Deno\.env)\.(?:get|getOrThrow)$/i;

const storedWords = /^(?:web_?)?(?:hook|signing)_?secret$/i;

/** A secret that each record keeps for itself: `hook.webhookSecret`. */
export const isStoredName = (name: string): boolean => /[a-z]/.test(name) && storedWords.test(name);

export function readStored(run: Run, name: string): Value {
  if (!run.reads.has(name)) run.reads.set(name, run.site);
  return run.missing.has(name) ? markMissing([nothing]) : [{ k: 'secret', of: name }];
}
