import { exposure, type Exposed } from '../../facts/exposure.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  unchecked: {
    text: '{endpoint} takes a body that no schema checks.',
    remedy:
      'Parse the body with a schema at the head of the handler, or put a validating middleware before it, and use only what the schema returns.',
  },
  weak: {
    text: '{endpoint} takes a body that no schema checks: {why}.',
    remedy: 'Describe the whole body with a schema, let it refuse what does not fit, and use only what it returns.',
  },
  many: {
    text: '{count} endpoints in {file} take a body that no schema checks, {first} among them.',
    remedy: 'Put a validating middleware with a schema before each of them.',
  },
} as const;

type M = typeof messages;

/** Of a hundred endpoints that take input, how many have to check it. */
const enough = 95;
/** Above this many, endpoints of one file are told together. */
const most = 60;

export const schemaValidation = defineControl({
  id: 'input/schema-validation',
  area: 'input',
  scope: 'service',
  title: {
    pass: 'Endpoints parse what they take with a schema',
    fail: 'Endpoints use input that no schema checked',
  },
  why: 'A type annotation is gone at run time: `request.json() as Order` checks nothing. Without a schema every field may be missing, of another type, or one too many, and the code behind it was written for none of these.',
  failure:
    'A malformed body ends in a 500 deep inside the code, an object where a string was meant reaches the database as an operator, and a field nobody thought of is written along with the rest.',
  remedy:
    'Parse every body, and the arguments of every server function, with a schema before use, and answer 400 to what does not fit.',
  done: 'At least 95 % of the endpoints that take a body or arguments parse it with a schema that can refuse, and use what it returns.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/20.html',
    'https://cwe.mitre.org/data/definitions/915.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html',
  ],
  needs: { exposure },
  messages,
  evaluate({ exposure: { list } }): Verdict<M> {
    const taking = list.filter(({ takes }) => takes !== undefined);
    if (taking.length === 0)
      return {
        verdict: 'not-applicable',
        because:
          list.length === 0
            ? 'No endpoints were found.'
            : `None of the ${list.length} endpoints reads a body or takes arguments.`,
      };
    const unchecked = taking.filter(({ reaches }) => reaches.input.answer === 'no');
    const unclear = taking.filter(({ reaches }) => reaches.input.answer === 'unknown');
    const share = (count: number): number => (100 * (taking.length - count)) / taking.length;
    if (share(unchecked.length) < enough) return failOr<M>(violations(unchecked), () => passed(taking, unchecked));
    if (share(unchecked.length + unclear.length) < enough) return unknown(taking, unclear);
    return passed(taking, unchecked);
  },
});

const nameOf = ({ endpoint: { method, path } }: Exposed): string => `${method} ${path}`;

function violations(unchecked: readonly Exposed[]): readonly Violation<M>[] {
  if (unchecked.length <= most) return unchecked.map(violation);
  const files = new Map<string, Exposed[]>();
  for (const one of unchecked) files.set(one.endpoint.at.file, [...(files.get(one.endpoint.at.file) ?? []), one]);
  return [...files.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length < 3) return group.map(violation);
    const { file } = first.endpoint.at;
    return [
      {
        message: 'many',
        data: { count: group.length, file, first: nameOf(first) },
        subject: file,
        at: first.endpoint.at,
        trail: group.slice(0, 20).map((one) => ({ note: nameOf(one), at: one.endpoint.at })),
      },
    ];
  });
}

function violation(one: Exposed): Violation<M> {
  const { endpoint, reaches, takes } = one;
  const name = nameOf(one);
  const base = {
    subject: name,
    at: endpoint.at,
    trail: [...(takes ? [{ note: 'the body is taken here', at: takes }] : []), ...reaches.input.trail],
  };
  const { why } = reaches.input;
  return why === ''
    ? { ...base, message: 'unchecked', data: { endpoint: name } }
    : { ...base, message: 'weak', data: { endpoint: name, why } };
}

function passed(taking: readonly Exposed[], unchecked: readonly Exposed[]): Verdict<M> {
  const checked = taking.filter(({ reaches }) => reaches.input.answer === 'yes');
  const rest = unchecked.length > 0 ? `; without: ${unchecked.map(nameOf).join(', ')}` : '';
  const counted: Evidence = {
    searched: `${taking.length} endpoints that take a body or arguments: ${checked.length} check it with a schema${rest}`,
  };
  return {
    verdict: 'pass',
    evidence: [
      counted,
      ...checked.slice(0, 3).map((one) => ({ ...one.endpoint.at, note: `${nameOf(one)}: ${one.reaches.input.what}` })),
    ],
  };
}

function unknown(taking: readonly Exposed[], unclear: readonly Exposed[]): Verdict<M> {
  const [first] = unclear;
  return {
    verdict: 'unknown',
    because: `Whether ${unclear.length} of the ${taking.length} endpoints that take a body check it could not be told: ${first?.reaches.input.why ?? ''}.`,
    settle: 'Send each of them a body of the wrong shape: it must answer 400.',
    evidence: unclear.slice(0, 10).map((one) => ({ ...one.endpoint.at, note: nameOf(one) })),
  };
}
