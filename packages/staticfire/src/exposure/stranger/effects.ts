import type { Call } from '../../code/polarity/calls.ts';
import type { Atom, Value } from '../../code/polarity/values.ts';

const responders =
  /^(?:json|jsonp|send|end|render|sendFile|download|stream|write|body|text|html|respond|view|pipe|jsonT|sendData|success|ok|created)$/;

/** Does a call answer the caller? */
export const answers = ({ name, receiver, args }: Call): boolean =>
  responders.test(name) && args.length > 0 && (receiver?.some((atom) => atom.k === 'input' && atom.whole) ?? false);

const writes =
  /^(?:create|createMany\w*|createAndReturn|insert\w*|update\w*|upsert\w*|delete\w*|remove\w*|destroy\w*|save\w*|replaceOne|bulkWrite|bulkCreate|sendMail|sendMessage|sendEmail|publish|enqueue|addJob|charge|refund|transfer|putObject|upload\w*|unlink|rm|writeFile\w*|exec|execFile|spawn|\$executeRaw\w*)$/;
const harmlessly =
  /^(?:console|Math|Object|Array|JSON|Reflect|Promise|Map|Set|URL|Headers|FormData)\b|headers|cookies|searchParams|cache|metrics?|log(?:ger)?$/i;

/** Does a call change something outside of the process? By its name, on something that is no plain object. */
export function changes({ name, path, receiver, expr }: Call): boolean {
  if (!writes.test(name) || expr.new) return false;
  if (receiver === undefined || harmlessly.test(path.slice(0, Math.max(0, path.lastIndexOf('.'))))) return false;
  return receiver.some(
    (atom) => atom.k === 'any' || atom.k === 'instance' || (atom.k === 'input' && atom.whole === true),
  );
}

/** Does a value tell a caller something that not everyone knows? Constants and what they sent themselves do not. */
export function reveals(value: Value, depth = 0): boolean {
  return value.some((atom) => atomReveals(atom, depth));
}

function atomReveals(atom: Atom, depth: number): boolean {
  switch (atom.k) {
    case 'any':
    case 'instance':
    case 'secret':
    case 'identity':
    case 'lost':
    case 'hash':
      return true;
    case 'list':
      return depth > 4 || reveals(atom.items, depth + 1);
    case 'object':
      return atom.open || depth > 4 || [...atom.parts.values()].some((part) => reveals(part, depth + 1));
    default:
      return false;
  }
}
