import type { Change, Column, Key, Where } from '../../../facts/schema-changes.ts';
import { isSet, textOf, textsOf, type Link } from './chain.ts';

/** One chain of a table builder: `table.integer('user_id').notNullable().references('users.id')`. */
export function knexChange(chain: readonly Link[], where: Where): Change[] {
  const [root] = chain;
  if (!root) return [];
  const [first, second] = root.args;
  const name = textOf(first);
  switch (root.name) {
    case 'index':
    case 'unique':
      return [
        { ...where, k: 'index', columns: textsOf(first), unique: root.name === 'unique', concurrent: false, name: '' },
      ];
    case 'primary':
      return [{ ...where, k: 'key', key: keyed('primary', textsOf(first), where), unchecked: false, prepared: false }];
    case 'foreign':
      return [
        {
          ...where,
          k: 'key',
          key: keyed('foreign', textsOf(first), where, referred(chain)),
          unchecked: false,
          prepared: false,
        },
      ];
    case 'dropColumn':
      return [{ ...where, k: 'column-dropped', name }];
    case 'dropColumns':
      return root.args.flatMap(textsOf).map((column) => ({ ...where, k: 'column-dropped', name: column }));
    case 'renameColumn':
      return [{ ...where, k: 'column-renamed', name, to: textOf(second) }];
    case 'dropNullable':
      return [{ ...where, k: 'required', name }];
    default:
      return columnChange(chain, where);
  }
}

const types =
  /^(?:increments|bigIncrements|integer|bigInteger|smallint|tinyint|mediumint|string|text|uuid|boolean|float|double|decimal|date|datetime|dateTime|time|timestamp|binary|enu|enum|json|jsonb|specificType)$/;

function columnChange(chain: readonly Link[], where: Where): Change[] {
  const [root] = chain;
  const name = textOf(root?.args[0]) || (root && root.name.endsWith('ncrements') ? 'id' : '');
  if (!root || !types.test(root.name) || !name) return [];
  const has = (link: string): boolean => chain.some((one) => one.name === link);
  if (has('alter'))
    return [
      {
        ...where,
        k: 'type',
        name,
        type: root.name === 'specificType' ? textOf(root.args[1]) : root.name,
        converts: false,
      },
      ...(has('notNullable') ? [{ ...where, k: 'required' as const, name }] : []),
    ];
  const serial = root.name.endsWith('ncrements');
  const column: Column = {
    name,
    type: root.name,
    required: has('notNullable') || serial,
    filled: has('defaultTo') || serial,
    volatile: serial,
    unique: has('unique'),
    primary: has('primary') || serial,
    refers: has('references') ? referred(chain) : undefined,
    line: where.line,
  };
  const indexed = has('index');
  return [
    { ...where, k: 'column', column },
    ...(indexed
      ? [{ ...where, k: 'index' as const, columns: [name], unique: false, concurrent: false, name: '' }]
      : []),
  ];
}

export const keyed = (kind: Key['kind'], columns: readonly string[], where: Where, refers?: string): Key => ({
  kind,
  columns,
  refers,
  line: where.line,
  text: '',
});

/** `.references('id').inTable('users')` or `.references('users.id')`. */
function referred(chain: readonly Link[]): string {
  const arg = (name: string): string => textOf(chain.find((link) => link.name === name)?.args[0]);
  const table = arg('inTable') || arg('on');
  return table || (arg('references').includes('.') ? (arg('references').split('.')[0] ?? '') : '');
}

/** The column of an object: Sequelize, node-pg-migrate and TypeORM word it alike. */
export function columnOfObject(name: string, shape: Link['args'][number] | undefined, where: Where): Column {
  const text = textOf(shape);
  const required =
    isSet(shape, 'notNull') ||
    isSet(shape, 'primaryKey') ||
    explicitlyFalse(shape, 'allowNull') ||
    explicitlyFalse(shape, 'isNullable');
  const serial =
    /serial/.test(text) ||
    isSet(shape, 'autoIncrement') ||
    isSet(shape, 'isGenerated') ||
    isSet(shape, 'sequenceGenerated');
  return {
    name: name.toLowerCase(),
    type: text,
    required,
    filled: isSet(shape, 'defaultValue') || isSet(shape, 'default') || serial,
    volatile: serial,
    unique: isSet(shape, 'unique') || isSet(shape, 'isUnique'),
    primary: isSet(shape, 'primaryKey') || isSet(shape, 'isPrimary'),
    refers: isSet(shape, 'references') ? '' : undefined,
    line: where.line,
  };
}

const explicitlyFalse = (shape: Link['args'][number] | undefined, key: string): boolean =>
  shape?.k === 'obj' && shape.props.some((prop) => prop.key === key && prop.value.k === 'bool' && !prop.value.v);
