import type { Expr, Prop } from '../../code/summary.ts';
import { pathOf, propOf, walkExpr } from '../../code/walk.ts';
import type { Names } from './names.ts';
import { receiverOf, verbOf, type Placed } from './techniques.ts';

/** One variable of a schema. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  /** The default, as written. */
  readonly fallback: Expr | undefined;
  readonly at: number;
  readonly file: string;
  readonly fn: number;
}

export interface Fields {
  readonly fields: readonly Field[];
  /** Every field could be read. */
  readonly complete: boolean;
}

const none: Fields = { fields: [], complete: false };
const nothingYet: Fields = { fields: [], complete: true };
const variable = /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/;

/** The fields of a schema, whatever it was written with. */
export function fieldsOf(names: Names, library: string, schema: Placed, depth = 0): Fields {
  if (depth > 12) return none;
  const placed = definition(names, schema);
  const { expr } = placed;
  if (library === 'convict')
    return expr.k === 'obj' ? { fields: convictFields(placed, expr.props), complete: true } : none;
  if (expr.k === 'class') return classFields(names, placed, expr.cls);
  if (expr.k === 'obj')
    return library === 'env-schema' || library === '@fastify/env' || library === 'ajv' || propOf(expr, 'properties')
      ? jsonSchema(placed)
      : literalFields(names, library, placed, depth);
  if (expr.k !== 'call') return none;
  return combined(names, library, placed, expr, depth);
}

/** A name becomes what it was defined as. */
function definition(names: Names, placed: Placed): Placed {
  if (placed.expr.k !== 'ref') return placed;
  const found = names.resolve(placed, placed.expr);
  if (found?.k === 'class') return { file: found.file, fn: 0, expr: { k: 'class', cls: found.cls } };
  if (found?.k !== 'expr') return placed;
  // `.shape` and the like of a schema: the schema itself is what counts.
  return found.rest === '' || /^(?:shape|entries|fields|properties|server)$/.test(found.rest) ? found : placed;
}

const merge = (...all: readonly Fields[]): Fields => {
  const byName = new Map(all.flatMap((f) => f.fields).map((f) => [f.name, f]));
  return { fields: [...byName.values()], complete: all.every((f) => f.complete) };
};

/** `object({…})` with what is done to it: extended, merged, made partial. */
function combined(
  names: Names,
  library: string,
  placed: Placed,
  call: Extract<Expr, { k: 'call' }>,
  depth: number,
): Fields {
  const verb = verbOf(call.callee);
  const receiver = receiverOf(call.callee);
  const inner = (expr: Expr | undefined): Fields =>
    expr ? fieldsOf(names, library, { ...placed, expr }, depth + 1) : none;
  const [first] = call.args;
  switch (verb) {
    case 'object':
    case 'strictObject':
    case 'looseObject':
    case 'Object':
    case 'type':
    case 'interface':
    case 'preprocess':
    case 'compile':
    case 'shape': {
      const own = call.args.length === 0 ? nothingYet : inner(verb === 'preprocess' ? call.args[1] : first);
      return receiver && verb === 'shape' && receiver.k !== 'ref' ? merge(inner(receiver), own) : own;
    }
    case 'keys':
      return receiver?.k === 'ref' && receiver.path === 'Object'
        ? none
        : merge(
            receiver?.k === 'ref' && !names.resolve(placed, receiver)
              ? { fields: [], complete: true }
              : inner(receiver),
            inner(first),
          );
    case 'extend':
    case 'merge':
    case 'safeExtend':
    case 'augment':
    case 'append':
    case 'concat':
      return merge(inner(receiver), inner(first));
    case 'and':
      return merge(inner(receiver), inner(first));
    case 'intersection':
    case 'intersect':
    case 'Intersect':
    case 'Composite':
      return merge(...(first?.k === 'arr' ? first.items : call.args).map(inner));
    case 'partial':
    case 'Partial':
    case 'deepPartial': {
      const base = inner(verb === 'Partial' || !isMethod(receiver) ? first : receiver);
      return { ...base, fields: base.fields.map((f) => ({ ...f, required: false })) };
    }
    case 'discriminatedUnion':
    case 'union':
    case 'variant':
    case 'Union': {
      const list = call.args.find((a) => a.k === 'arr');
      return list?.k === 'arr' ? inEvery(list.items.map(inner)) : none;
    }
    case 'or':
      return inEvery([inner(receiver), inner(first)]);
    case 'pipe':
      return isMethod(receiver) && receiver.k !== 'ref' ? inner(receiver) : inner(first);
    case 'pick':
    case 'omit':
      return inner(receiver);
    case 'freeze':
      return inner(first);
    default:
      return receiver && changesNothing.test(verb) ? inner(receiver) : none;
  }
}

/** What may be called on a schema without changing which fields it has. */
const changesNothing =
  /^(?:refine|superRefine|transform|strict|strip|passthrough|loose|catchall|unknown|options|prefs|preferences|describe|description|brand|readonly|required|meta|check|label|id|default|optional|nullable|stripUnknown|noUnknown|test|parse|omit|pick|onUndeclaredKey|onDeepUndeclaredKey|narrow|to|with|without|or|xor|nand|when|messages|rename|unwrap|clone|overwrite|superstruct)$/;

const isMethod = (receiver: Expr | undefined): receiver is Expr =>
  receiver !== undefined && !(receiver.k === 'ref' && /^(?:z|v|yup|joi|Joi|t|Type)$/.test(receiver.path));

/** What every branch asks for is required; the rest is not. */
function inEvery(all: readonly Fields[]): Fields {
  const merged = merge(...all);
  const everywhere = (name: string): boolean => all.every((f) => f.fields.some((x) => x.name === name && x.required));
  return { ...merged, fields: merged.fields.map((f) => ({ ...f, required: f.required && everywhere(f.name) })) };
}

function literalFields(names: Names, library: string, placed: Placed, depth: number): Fields {
  if (placed.expr.k !== 'obj') return none;
  const parts = placed.expr.props.map((prop): Fields => {
    if (prop.key === '...') return spread(names, library, { ...placed, expr: prop.value }, depth);
    const name = prop.key.replace(/\?$/, '');
    if (!variable.test(name)) return none;
    const field = fieldOf(names, library, { ...placed, expr: prop.value }, prop.key);
    return { fields: [{ name, ...field, at: prop.at, file: placed.file, fn: placed.fn }], complete: true };
  });
  return merge(...parts);
}

function spread(names: Names, library: string, placed: Placed, depth: number): Fields {
  const { expr } = placed;
  if (expr.k === 'bin' && expr.op === '&&') {
    const inner = fieldsOf(names, library, { ...placed, expr: expr.r }, depth + 1);
    return { ...inner, fields: inner.fields.map((f) => ({ ...f, required: false })) };
  }
  if (expr.k === 'cond')
    return inEvery([expr.then, expr.else].map((e) => fieldsOf(names, library, { ...placed, expr: e }, depth + 1)));
  return fieldsOf(names, library, placed, depth + 1);
}

interface Step {
  readonly verb: string;
  readonly args: readonly Expr[];
}

/** The calls of a chain from its root: `z.string().min(1)` is string, min. */
function chainOf(names: Names, placed: Placed, depth = 0): readonly Step[] {
  const { expr } = placed;
  if (depth > 12) return [];
  if (expr.k === 'call') {
    const receiver = receiverOf(expr.callee);
    const before =
      receiver && !(receiver.k === 'ref' && !names.resolve(placed, receiver))
        ? chainOf(names, { ...placed, expr: receiver }, depth + 1)
        : [];
    return [...before, { verb: verbOf(expr.callee), args: expr.args }];
  }
  if (expr.k !== 'ref') return [];
  const found = names.resolve(placed, expr);
  return found?.k === 'expr' && found.expr !== expr && found.rest === ''
    ? chainOf(names, { ...found, expr: found.expr }, depth + 1)
    : [];
}

type Presence = { readonly required: boolean; readonly fallback: Expr | undefined };

function fieldOf(names: Names, library: string, placed: Placed, key: string): Presence {
  if (library === 'arktype') return arktype(placed.expr, key);
  const chain = chainOf(names, placed);
  const call = (pattern: RegExp): Step | undefined => chain.find((s) => pattern.test(s.verb));
  if (library === 'envalid' || library === 'envsafe') return specOf(chain.at(-1)?.args ?? []);
  const fallback = call(/^(?:default|prefault|catch|failover|defaulted|_default)$/)?.args.at(-1);
  if (fallback) return { required: false, fallback };
  if (library === 'joi' || library === '@hapi/joi' || library === 'yup')
    return {
      required: !!call(/^(?:required|exist|defined|nonNullable)$/) && !call(/^(?:optional|notRequired)$/),
      fallback: undefined,
    };
  if (library === 'valibot' || /typebox/.test(library) || library === 'superstruct') return functional(chain);
  return {
    required: !call(/^(?:optional|nullish|exactOptional|undefined|any|unknown)$/) && !key.endsWith('?'),
    fallback: undefined,
  };
}

/** valibot, TypeBox: `optional(schema, default)`, `Type.String({ default })`. */
function functional(chain: readonly Step[]): Presence {
  const optional = chain.find((s) =>
    /^(?:optional|Optional|nullish|exactOptional|undefinedable|fallback)$/.test(s.verb),
  );
  const options = chain.flatMap((s) => s.args).find((a) => propOf(a, 'default'));
  return { required: !optional && !options, fallback: propOf(options, 'default') ?? optional?.args[1] };
}

/** envalid and envsafe: `str({ default })`; `devDefault` does not hold in production. */
function specOf(args: readonly Expr[]): Presence {
  const fallback = args.map((a) => propOf(a, 'default')).find((e) => e !== undefined);
  const lenient = args.some((a) => propOf(a, 'allowEmpty') || propOf(a, 'requiredWhen'));
  return { required: !fallback && !lenient, fallback };
}

function arktype(expr: Expr, key: string): Presence {
  const text = expr.k === 'str' ? expr.v : '';
  const fallback = /=\s*(.+)$/.exec(text.replaceAll(/[<>!=]=/g, ''))?.[1];
  const literal: Expr | undefined =
    fallback && expr.k === 'str' ? { k: 'str', v: fallback.replaceAll(/^['"]|['"]$/g, ''), at: expr.at } : undefined;
  return { required: !key.endsWith('?') && !literal && !/\bundefined\b/.test(text), fallback: literal };
}

function jsonSchema(placed: Placed): Fields {
  const properties = propOf(placed.expr, 'properties');
  const required = propOf(placed.expr, 'required');
  if (properties?.k !== 'obj') return none;
  const listed = new Set(required?.k === 'arr' ? required.items.flatMap((i) => (i.k === 'str' ? [i.v] : [])) : []);
  const fields = properties.props.flatMap((p): Field[] => {
    if (!variable.test(p.key)) return [];
    const fallback = propOf(p.value, 'default');
    return [
      { name: p.key, required: listed.has(p.key) && !fallback, fallback, at: p.at, file: placed.file, fn: placed.fn },
    ];
  });
  return { fields, complete: true };
}

/** convict: any object with an `env` is a variable, however deep; without a default, or with null, it must be set. */
function convictFields(placed: Placed, props: readonly Prop[]): readonly Field[] {
  return props.flatMap((prop): readonly Field[] => {
    if (prop.value.k !== 'obj') return [];
    const name = propOf(prop.value, 'env');
    if (name?.k !== 'str') return convictFields(placed, prop.value.props);
    const fallback = propOf(prop.value, 'default');
    const required = !fallback || fallback.k === 'null';
    return [
      {
        name: name.v,
        required,
        fallback: required ? undefined : fallback,
        at: prop.at,
        file: placed.file,
        fn: placed.fn,
      },
    ];
  });
}

/** class-validator: each decorated property is a variable. */
function classFields(names: Names, placed: Placed, index: number): Fields {
  const cls = names.model.get(placed.file)?.summary.classes[index];
  if (!cls) return none;
  const fields = cls.members.flatMap((m): Field[] => {
    if (m.kind !== 'property' || m.static || !variable.test(m.name) || m.decorators.length === 0) return [];
    const optional = m.decorators.some((d) =>
      /^(?:IsOptional|ValidateIf|Allow)$/.test(verbOf(d.k === 'call' ? d.callee : d) || pathOf(d)),
    );
    const fallback = m.value && initial(m.value);
    return [{ name: m.name, required: !optional && !fallback, fallback, at: m.at, file: placed.file, fn: cls.parent }];
  });
  const base = cls.extends
    ? fieldsOf(names, 'class-validator', { file: placed.file, fn: cls.parent, expr: cls.extends }, 1)
    : undefined;
  return base ? merge(base, { fields, complete: true }) : { fields, complete: true };
}

/** A property's own constant, or what follows `??` in its value. An empty text is refused by most decorators, so it is no default. */
function initial(value: Expr): Expr | undefined {
  if (constant(value)) return value;
  let found: Expr | undefined;
  walkExpr(value, (e) => {
    if (e.k === 'bin' && (e.op === '??' || e.op === '||') && !isNothing(e.r)) found ??= e.r;
  });
  return found;
}

const isNothing = (expr: Expr): boolean =>
  expr.k === 'undefined' || expr.k === 'null' || (expr.k === 'str' && expr.v === '');

const constant = (expr: Expr): boolean => (expr.k === 'str' && expr.v !== '') || expr.k === 'num' || expr.k === 'bool';
