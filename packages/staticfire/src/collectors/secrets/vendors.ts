import type { Secret } from '../../facts/secrets.ts';
import { isPlaceholder } from './judge.ts';

export interface Vendor {
  readonly what: string;
  /** Group 1 is the part that must look random. */
  readonly pattern: RegExp;
  readonly weight: Secret['weight'];
}

/** Keys that carry their vendor's own mark. */
export const vendors: readonly Vendor[] = [
  { what: 'live secret key (Stripe, Clerk)', pattern: /\b[sr]k_live_([A-Za-z0-9]{24,})/g, weight: 'live' },
  { what: 'test secret key (Stripe, Clerk)', pattern: /\bsk_test_([A-Za-z0-9]{24,})/g, weight: 'real-looking' },
  { what: 'Stripe webhook secret', pattern: /\bwhsec_([A-Za-z0-9]{24,})/g, weight: 'live' },
  { what: 'Google OAuth client secret', pattern: /\bGOCSPX-([\w-]{20,})/g, weight: 'live' },
  { what: 'GitHub token', pattern: /\b(?:gh[pousr]_|github_pat_)([A-Za-z0-9_]{30,})/g, weight: 'live' },
  { what: 'GitLab token', pattern: /\bglpat-([\w-]{20,})/g, weight: 'live' },
  { what: 'AWS access key id', pattern: /\b(?:AKIA|ASIA)([A-Z0-9]{16})\b/g, weight: 'live' },
  { what: 'OpenAI key', pattern: /\bsk-(?:proj-|svcacct-|admin-)?([\w-]{20,}T3BlbkFJ[\w-]{20,})/g, weight: 'live' },
  { what: 'Anthropic key', pattern: /\bsk-ant-(?:api|admin)\d\d-([\w-]{60,})/g, weight: 'live' },
  { what: 'Slack token', pattern: /\bxox[abprs]-((?:\d+-)?[\w-]{20,})/g, weight: 'live' },
  { what: 'Slack webhook', pattern: /hooks\.slack\.com\/services\/(T\w{6,}\/B\w{6,}\/\w{20,})/g, weight: 'live' },
  { what: 'SendGrid key', pattern: /\bSG\.([\w-]{22}\.[\w-]{43})/g, weight: 'live' },
  { what: 'Resend key', pattern: /\bre_([A-Za-z0-9]{8}_[A-Za-z0-9]{20,})/g, weight: 'live' },
  { what: 'Mailgun key', pattern: /\bkey-([0-9a-f]{32})\b/g, weight: 'live' },
  { what: 'Twilio key', pattern: /\bSK([0-9a-f]{32})\b/g, weight: 'live' },
  { what: 'npm token', pattern: /\bnpm_([A-Za-z0-9]{36})\b/g, weight: 'live' },
  { what: 'Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_([0-9a-f]{32})\b/g, weight: 'live' },
  { what: 'Hugging Face token', pattern: /\bhf_([A-Za-z0-9]{30,})/g, weight: 'live' },
  { what: 'DigitalOcean token', pattern: /\bdo[opr]_v1_([0-9a-f]{60,})/g, weight: 'live' },
  { what: 'Telegram bot token', pattern: /\b\d{8,10}:(AA[\w-]{33})\b/g, weight: 'live' },
  { what: 'Linear key', pattern: /\blin_api_([A-Za-z0-9]{30,})/g, weight: 'live' },
  { what: 'Figma token', pattern: /\bfigd_([\w-]{30,})/g, weight: 'live' },
  { what: 'Square token', pattern: /\b(?:sq0[a-z]{3}-|EAAA)([\w-]{43,})/g, weight: 'live' },
  { what: 'Supabase secret key', pattern: /\bsb_secret_([\w-]{20,})/g, weight: 'live' },
  { what: 'Groq key', pattern: /\bgsk_([A-Za-z0-9]{40,})/g, weight: 'live' },
];

/** One cheap test for any mark of a vendor, ours and secretlint's. */
export const vendorMark =
  /[sr]k_(?:live|test)_\w{20}|whsec_\w{20}|GOCSPX-\w|gh[pousr]_\w{30}|github_pat_\w{30}|glpat-[\w-]{18}|\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|\bsk-[\w-]{30}|xox[abeoprs]-\w|hooks\.slack|\bSG\.[\w-]{20}|\bre_\w{8}_\w{10}|key-[0-9a-f]{32}|\bSK[0-9a-f]{32}|npm_\w{36}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|hf_\w{30}|do[opr]_v1_|\d:AA[\w-]{30}|lin_api_\w{20}|figd_[\w-]{20}|sq0[a-z]{3}-|EAAA[\w-]{40}|sb_secret_|gsk_\w{40}|-----BEGIN|dapi[0-9a-f]{30}|hv[sb]\.[\w-]{20}|ops_eyJ|secret_\w{40}|ntn_\w{30}|gl(?:c|sa)_\w{20}|dckr_[po]at_|vc[pkrai]_\w{20}|(?:aws|AWS)_?\w*(?:secret|SECRET)\w*["']?\s*[:=]/;

/** Keys that vendors print in their public manuals for everyone to try. */
const printed: ReadonlySet<string> = new Set([
  '4eC39HqLyjWDarjtT1zdp7dc',
  'BQokikJOvBiI2HlWgH4olfQ2',
  'tR3PYbcVNZZ796tH88S4VQ2u',
]);

/** Does the random part look like a key, and not like the sample of a manual? */
export function isRealKey(random: string): boolean {
  return (
    !printed.has(random.replace(/^test_/, '')) &&
    !/EXAMPLE|example|sample|test|fake|dummy|xxxx|XXXX|your|YOUR|placeholder|1234567|0000|abcdef/.test(random) &&
    distinct(random) >= Math.min(8, random.length / 2) &&
    !isPlaceholder(random)
  );
}

const distinct = (text: string): number => new Set(text).size;
