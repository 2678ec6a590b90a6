import { scopeOf } from '../../code/polarity/candidates.ts';
import { createNames } from '../../code/polarity/names.ts';
import type { Site, Value } from '../../code/polarity/values.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { Reached } from '../../facts/exposure.ts';
import type { Place, Step } from '../../model/place.ts';
import type { ExposureReader } from '../site.ts';
import { createConcern } from './concern.ts';
import { handle, reached } from './handler.ts';
import { keeper, placeOf, treat, type Around, type Treatment } from './links.ts';
import { newMemory } from './memory.ts';
import { metadataOf } from './metadata.ts';
import { addressOf } from './request.ts';
import { newSight, type Encounter, type Sight } from './sight.ts';

/** What keeps strangers from an endpoint. */
interface Kept {
  readonly authentication: Reached;
  readonly signature: Reached;
}

/** Calls each endpoint in mind, with anything that can be sent and no credential. */
export const stranger: ExposureReader = {
  reads: ['authentication', 'signature'],
  open({ code }) {
    const names = createNames(code);
    const around: Around = { model: code, names, memory: newMemory(createConcern(code, names)) };
    const remembered = new Map<string, Remembered>();
    const kept = new Map<Endpoint, Kept>();
    return (endpoint, protection) => {
      const found = kept.get(endpoint) ?? keptBy(around, endpoint, remembered);
      kept.set(endpoint, found);
      return protection === 'signature' ? found.signature : found.authentication;
    };
  },
};

interface Remembered {
  readonly treatment: Treatment | undefined;
  readonly state: ReadonlyMap<string, Value>;
}

const plain: Reached = { answer: 'no', what: '', why: '', trail: [] };

function keptBy(around: Around, endpoint: Endpoint, remembered: Map<string, Remembered>): Kept {
  const address = addressOf(endpoint.method, endpoint.path);
  const metadata = metadataOf(around, endpoint.chain);
  const state = new Map<string, Value>();
  let unclear: Passed | undefined;
  let optional: Passed | undefined;
  for (const link of endpoint.chain) {
    if (link.role === 'wrapper' && endpoint.serves) continue;
    const sight = newSight(address, metadata, state);
    const treatment = treatedOnce(around, endpoint, link, sight, remembered);
    if (!treatment) continue;
    if (treatment.lets === 'off' && !link.when) return keptAway(around, link, treatment);
    if (treatment.lets !== 'on') unclear ??= { sight: treatment.sight, link };
    else if (knows(treatment.sight)) optional = { sight: treatment.sight, link };
  }
  return byHandler(around, endpoint, newSight(address, metadata, state), { unclear, optional });
}

/** A link that let the stranger on, with what was seen in it. */
interface Passed {
  readonly sight: Sight;
  readonly link: ChainLink;
}

const knows = ({ encounters }: Sight): boolean => encounters.some(({ what }) => !what.endsWith('of the request'));

/** A link that does not ask where the call goes treats all alike. */
function treatedOnce(
  around: Around,
  endpoint: Endpoint,
  link: ChainLink,
  sight: Sight,
  remembered: Map<string, Remembered>,
): Treatment | undefined {
  const key = `${endpoint.framework}\0${link.file}\0${link.fn}\0${JSON.stringify(link.expr)}`;
  const before = remembered.get(key);
  if (before) {
    for (const [name, value] of before.state) sight.state.set(name, value);
    return before.treatment;
  }
  const treatment = treat(around, endpoint, link, sight);
  if (!sight.particular) remembered.set(key, { treatment, state: new Map(sight.state) });
  return treatment;
}

function keptAway(around: Around, link: ChainLink, { run, sight }: Treatment): Kept {
  const found = keeper(run, sight);
  const first: Step = {
    note: `${linkName(link)} stands before the handler`,
    at: { file: link.file, line: placeOf(link) },
  };
  return yes(around, found, [first]);
}

function yes(around: Around, found: Encounter | undefined, before: readonly Step[]): Kept {
  const answer: Reached = {
    answer: 'yes',
    what: found?.what ?? 'turns everyone away whom it does not know',
    why: '',
    trail: [...before, ...(found ? stepsTo(around, found) : [])],
  };
  return found?.kind === 'signature'
    ? { authentication: { ...plain, why: 'the sender is known by a signature' }, signature: answer }
    : { authentication: answer, signature: plain };
}

function stepsTo(around: Around, { path, site, what }: Encounter): readonly Step[] {
  const calls = path.slice(1).map((one): Step => ({ note: `${scope(around, one)} calls`, at: at(one) }));
  return [...calls, { note: `${scope(around, site)}: ${what}`, at: at(site) }];
}

const at = ({ file, line }: Site): Place => ({ file, line });

function scope({ model }: Around, { file, fn }: Site): string {
  const summary = model.get(file)?.summary;
  return (summary && scopeOf(summary, fn)) || (file.split('/').at(-1) ?? file);
}

export function linkName({ expr }: ChainLink): string {
  const named = expr.k === 'call' ? expr.callee : expr;
  return named.k === 'ref' ? named.path : named.k === 'member' ? named.name : 'a function';
}

function byHandler(
  around: Around,
  endpoint: Endpoint,
  sight: Sight,
  { unclear, optional }: { readonly unclear: Passed | undefined; readonly optional: Passed | undefined },
): Kept {
  const handled = handle(around, endpoint, sight);
  const open = handled && reached(handled.exits);
  const before: readonly Step[] = handled ? [{ note: 'the handler', at: endpoint.at }] : [];
  if (handled?.followed && !open && handled.run.budget >= 0) {
    const found = keeper(handled.run, sight);
    if (found || handled.exits.some((exit) => exit.auth) || handled.exits.length === 0)
      return yes(around, found, before);
  }
  const lost = unclear ?? (handled && sight.losses.length > 0 ? { sight, link: undefined } : undefined);
  if (lost) return lostAt(around, lost.sight, lost.link);
  if (!handled?.followed && !endpoint.handler)
    return unknownKept('the handler could not be found', [{ note: 'registered here', at: endpoint.at }]);
  if (handled && handled.run.budget < 0) return unknownKept('the code is too large to be followed to its end', before);
  if (endpoint.path.startsWith('/{mount}'))
    return unknownKept('where its router is mounted could not be followed, and so what stands before it', before);
  const seen = knows(sight) || !optional ? sight : optional.sight;
  return { authentication: notAsked(around, seen, open ? at(open.site) : undefined), signature: plain };
}

function lostAt(around: Around, { losses }: Sight, link: ChainLink | undefined): Kept {
  const [first] = losses;
  const place = first ? at(first.site) : undefined;
  if (link?.when) return dependsOn(link);
  const name = first?.name ? ` (${first.name})` : '';
  const why =
    first && place
      ? `what ${scope(around, first.site)} asks at ${place.file}:${place.line} could not be followed${name}`
      : 'it could not be followed';
  return unknownKept(why, [
    ...(link
      ? [{ note: `${linkName(link)} stands before the handler`, at: { file: link.file, line: placeOf(link) } }]
      : []),
    ...(place ? [{ note: 'the path is lost here', at: place }] : []),
  ]);
}

/** It would turn strangers away, where it is registered at all. */
function dependsOn(link: ChainLink): Kept {
  return unknownKept(`${linkName(link)} is registered only under a condition that reading does not decide`, [
    {
      note: `${linkName(link)} stands before the handler under a condition`,
      at: { file: link.file, line: placeOf(link) },
    },
  ]);
}

function unknownKept(why: string, trail: readonly Step[]): Kept {
  const answer: Reached = { answer: 'unknown', what: '', why, trail };
  return { authentication: answer, signature: answer };
}

/** No; and what was read without deciding. */
function notAsked(around: Around, sight: Sight, open: Place | undefined): Reached {
  const read = sight.encounters.at(-1);
  const answers: readonly Step[] = open ? [{ note: 'a stranger is answered here', at: open }] : [];
  if (!read) return { ...plain, trail: answers };
  const [literal] = sight.literals;
  if (literal) {
    const why = `a text that stands in the code lets everyone in who sends it: ${literal.file}:${literal.line}`;
    return {
      ...plain,
      why,
      trail: [...stepsTo(around, read), { note: 'compared with a text of the code here', at: at(literal) }, ...answers],
    };
  }
  return {
    answer: 'no',
    what: '',
    why: `${read.what} is read, and nobody is turned away without it`,
    trail: [...stepsTo(around, read), ...answers],
  };
}
