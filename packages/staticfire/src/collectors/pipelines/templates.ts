import { get, text, texts, type Yaml } from './yaml.ts';

/** Known values behind `${{ … }}`: matrix, inputs, env. */
export type Values = Readonly<Record<string, string>>;

/** Fills in what is known; the rest stays as written. */
export const fill = (source: string, values: Values): string =>
  isTemplate(source)
    ? source.replaceAll(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) =>
        Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
      )
    : source;

export const isTemplate = (source: string): boolean => source.includes('${{');

export const fillAll = (record: Readonly<Record<string, string>>, values: Values): Readonly<Record<string, string>> =>
  Object.values(record).some(isTemplate)
    ? Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fill(value, values)]))
    : record;

const limit = 40;

/** The rows of a literal matrix; one empty row where there is none or it is computed. */
export function matrixRows(strategy: Yaml | undefined): readonly Values[] {
  const matrix = get(strategy, 'matrix');
  const keys = [...(matrix?.entries?.keys() ?? [])].filter((key) => key !== 'include' && key !== 'exclude');
  const base = keys.reduce<readonly Values[]>((rows, key) => spread(rows, key, get(matrix, key)), [{}]);
  const include = (get(matrix, 'include')?.items ?? []).map(includeRow);
  if (keys.length === 0) return include.length > 0 ? include.slice(0, limit) : [{}];
  return [...base, ...include].slice(0, limit);
}

function spread(rows: readonly Values[], key: string, node: Yaml | undefined): readonly Values[] {
  const objects = (node?.items ?? []).filter((item) => item.entries);
  if (objects.length > 0)
    return rows
      .flatMap((row) => objects.map((item) => ({ ...row, ...prefixed(item, `matrix.${key}`) })))
      .slice(0, limit);
  const values = node?.items ? texts(node) : [];
  return values.length === 0
    ? rows
    : rows.flatMap((row) => values.map((value) => ({ ...row, [`matrix.${key}`]: value }))).slice(0, limit);
}

const includeRow = (item: Yaml): Values => prefixed(item, 'matrix');

const prefixed = (item: Yaml, prefix: string): Values =>
  Object.fromEntries(
    [...(item.entries ?? [])].flatMap(([key, { node }]) =>
      text(node) === undefined ? [] : [[`${prefix}.${key}`, text(node) ?? '']],
    ),
  );

/** Inputs of a reusable workflow or an action: what the caller gives, else the default. */
export function inputValues(declared: Yaml | undefined, given: Readonly<Record<string, string>>): Values {
  const defaults = [...(declared?.entries ?? [])].flatMap(([name, { node }]) => {
    const value = given[name] ?? text(get(node, 'default'));
    return value === undefined ? [] : [[`inputs.${name}`, value] as const];
  });
  return Object.fromEntries([
    ...Object.entries(given).map(([name, value]) => [`inputs.${name}`, value] as const),
    ...defaults,
  ]);
}
