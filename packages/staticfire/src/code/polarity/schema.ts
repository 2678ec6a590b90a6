import type { Expr } from '../summary.ts';
import { evaluate } from './evaluate.ts';
import type { Run } from './run.ts';
import { readSetting } from './settings.ts';
import { markMissing, never, nothing, type Frame, type Value } from './values.ts';

/** What a schema's setting is when it is missing: its default, nothing when it is optional, else the schema throws. */
export function schemaSetting(run: Run, schema: { readonly expr: Expr; readonly frame: Frame }, name: string): Value {
  if (name === 'data' || name === 'value' || name === 'env') return [{ k: 'settings', schema }];
  const { site } = run;
  const rule = ruleFor(schema.expr, name);
  if (rule) run.site = { ...site, file: schema.frame.file, line: Math.floor(rule.at / 1024) || site.line };
  const value = readSetting(run, name);
  run.site = site;
  if (!run.missing.has(name)) return value;
  return rule ? whenMissing(run, schema.frame, rule.value) : never;
}

function ruleFor(expr: Expr, name: string): { value: Expr; at: number } | undefined {
  if (expr.k !== 'obj') return undefined;
  const prop = expr.props.find((p) => p.key === name);
  return prop && { value: prop.value, at: prop.at };
}

function whenMissing(run: Run, frame: Frame, rule: Expr): Value {
  for (let at: Expr = rule; at.k === 'call';) {
    const { callee } = at;
    const name = callee.k === 'member' ? callee.name : callee.k === 'ref' ? (callee.path.split('.').at(-1) ?? '') : '';
    const [first] = at.args;
    if (/^(?:default|catch|prefault|_default)$/.test(name))
      return first ? markMissing(evaluate(run, frame, first)) : never;
    if (/^(?:optional|nullish|exactOptional)$/.test(name)) return markMissing([nothing]);
    const fallback =
      first?.k === 'obj' ? first.props.find((p) => p.key === 'default' || p.key === 'devDefault') : undefined;
    if (fallback?.key === 'default') return markMissing(evaluate(run, frame, fallback.value));
    if (callee.k !== 'member')
      return /^joi\b/i.test(callee.k === 'ref' ? callee.path : '') && !required(rule) ? markMissing([nothing]) : never;
    at = callee.of;
  }
  return never;
}

/** Joi lets a key be missing unless it is told otherwise. */
function required(rule: Expr): boolean {
  for (let at: Expr = rule; at.k === 'call';) {
    if (at.callee.k !== 'member') return false;
    if (at.callee.name === 'required') return true;
    at = at.callee.of;
  }
  return false;
}
