import { collectors } from '../../src/collectors/index.ts';
import { audit } from '../../src/engine/audit.ts';
import { endpoints, type Endpoint, type Endpoints } from '../../src/facts/endpoints.ts';
import type { Expr } from '../../src/code/summary.ts';
import { defineControl } from '../../src/model/control.ts';
import { tempTree } from '../temp-tree.ts';

/** Collects the endpoints of the first service of a tree. */
export async function find(files: Readonly<Record<string, string>>): Promise<Endpoints> {
  const seen: Endpoints[] = [];
  const control = defineControl({
    id: 'test/endpoints',
    area: 'auth',
    scope: 'service',
    title: { pass: '', fail: '' },
    why: '',
    failure: '',
    remedy: '',
    done: '',
    severity: 'note',
    confidence: 'hint',
    level: 'declared',
    stage: 'trial',
    since: '0',
    references: ['none'],
    needs: { endpoints },
    messages: {},
    evaluate: (facts) => {
      seen.push(facts.endpoints);
      return { verdict: 'not-applicable', because: 'only collecting' };
    },
  });
  const result = await audit({ dir: tempTree(files), controls: [control], collectors, version: 'test' });
  const [first] = seen;
  if (!first) throw new Error(`no endpoints: ${JSON.stringify(result.results)} ${result.coverage.notes.join('; ')}`);
  return first;
}

/** 'GET /users' for http, 'query users' for the others. */
export const shown = ({ list }: Endpoints): string[] => list.map((one) => `${one.method} ${one.path}`);

/** The endpoint of this method and path. */
export function pick({ list }: Endpoints, name: string): Endpoint {
  const found = list.find((one) => `${one.method} ${one.path}` === name);
  if (!found) throw new Error(`no ${name} among ${list.map((one) => `${one.method} ${one.path}`).join(', ')}`);
  return found;
}

/** Names of what stands in an endpoint's chain. */
export const chainOf = (endpoint: Endpoint): string[] => endpoint.chain.map(({ expr }) => nameOf(expr));

/** 'guard Session', 'validator CreateOrder on body', 'middleware Log → src/log.ts#2': the links of a chain with what they run. */
export const linksOf = (endpoint: Endpoint): string[] =>
  endpoint.chain.map(
    ({ expr, role = 'middleware', on, runs }) =>
      `${role} ${nameOf(expr)}${on === undefined ? '' : ` on ${on}`}${runs ? ` → ${runs.file}#${runs.fn}` : ''}`,
  );

/** The chain with roles: 'validator/body Schema', 'hook check', 'limit?' where the code does not tell whether it is there. */
export const stepsOf = (endpoint: Endpoint): string[] =>
  endpoint.chain.map(({ expr, role, on, when }) =>
    [role ? `${role}${on ? `/${on}` : ''} ` : '', nameOf(expr), when ? '?' : ''].join(''),
  );

export function nameOf(expr: Expr): string {
  const named = expr.k === 'call' ? expr.callee : expr;
  return named.k === 'ref'
    ? named.path
    : named.k === 'member'
      ? named.name
      : named.k === 'call'
        ? nameOf(named)
        : named.k === 'str'
          ? named.v
          : named.k;
}
