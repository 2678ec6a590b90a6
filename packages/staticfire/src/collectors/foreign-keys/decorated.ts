import type { CodeModel } from '../../code/model.ts';
import { lineOf, type Class, type Expr, type Member } from '../../code/summary.ts';
import { eachStmt, propOf } from '../../code/walk.ts';
import type { LiveCode } from '../../facts/live.ts';
import type { KeyedTable } from './tables.ts';

type Decorator = Extract<Expr, { k: 'call' }>;

const packages = /^(?:typeorm|sequelize-typescript|@sequelize\/core|@mikro-orm\/.+)$/;

/** Classes that live code declares as tables with the decorators of TypeORM, MikroORM or Sequelize. */
export function decoratedTables(model: CodeModel, live: LiveCode): KeyedTable[] {
  return live.files.flatMap((file) => {
    const source = model.get(file);
    if (!source?.head.imports.some((one) => packages.test(one.from))) return [];
    return source.summary.classes.flatMap((cls) => {
      const entity = cls.decorators.some((one) => /^(?:Entity|ChildEntity|Table)$/.test(nameOf(one)));
      return entity ? [tableOf(model, file, cls)] : [];
    });
  });
}

const nameOf = (expr: Expr): string => {
  const callee = expr.k === 'call' ? expr.callee : expr;
  return callee.k === 'ref' ? callee.path.slice(callee.path.lastIndexOf('.') + 1) : '';
};

function tableOf(model: CodeModel, file: string, cls: Class): KeyedTable {
  const members = cls.members.filter((member) => member.decorators.length > 0);
  const indexes = [
    ...cls.decorators.flatMap((one) => classIndex(model, file, one)),
    primaryOf(members),
    ...members.flatMap(ownIndex),
  ];
  const columns = new Map(members.flatMap((member) => mappedName(member)));
  return {
    name: cls.name,
    aliases: cls.decorators.flatMap(tableNames),
    file,
    keys: members.flatMap((member) => keyOf(model, file, member)),
    indexes,
    columns,
  };
}

function tableNames(decorator: Expr): string[] {
  if (decorator.k !== 'call' || !/^(?:Entity|Table)$/.test(nameOf(decorator))) return [];
  const [first] = decorator.args;
  const named = first?.k === 'str' ? first : (propOf(first, 'name') ?? propOf(first, 'tableName'));
  return named?.k === 'str' ? [named.v] : [];
}

/** `@Index(['a', 'b'])`, `@Unique('name', ['a'])`, `@Index({ properties: ['a'] })`, `@Index((t) => [t.a])`. */
function classIndex(model: CodeModel, file: string, decorator: Expr): string[][] {
  if (decorator.k !== 'call') return [];
  if (nameOf(decorator) === 'Table') return tableIndexes(decorator);
  if (!/^(?:Index|Unique)$/.test(nameOf(decorator))) return [];
  return decorator.args.flatMap((arg) => {
    const list = arg.k === 'fn' ? returnedBy(model, file, arg.fn) : arg.k === 'obj' ? propOf(arg, 'properties') : arg;
    if (list?.k === 'str' && arg.k === 'obj') return [[list.v]];
    return list?.k === 'arr' ? [list.items.flatMap(columnName)] : [];
  });
}

const columnName = (item: Expr): string[] =>
  item.k === 'str' ? [item.v] : item.k === 'ref' ? [item.path.slice(item.path.lastIndexOf('.') + 1)] : [];

function returnedBy(model: CodeModel, file: string, fn: number): Expr | undefined {
  let found: Expr | undefined;
  eachStmt(model.get(file)?.summary.functions[fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return') found ??= stmt.of;
  });
  return found;
}

/** `@Table({ indexes: [{ fields: ['a'] }] })`. */
function tableIndexes(decorator: Decorator): string[][] {
  const list = propOf(decorator.args[0], 'indexes');
  if (list?.k !== 'arr') return [];
  return list.items.flatMap((item) => {
    const fields = propOf(item, 'fields');
    return fields?.k === 'arr' ? [fields.items.flatMap(columnName)] : [];
  });
}

/** The primary key in the order of its columns. */
const primaryOf = (members: readonly Member[]): string[] =>
  members.flatMap((member) => {
    const primary = member.decorators.some(
      (one) => /^(?:PrimaryColumn|PrimaryGeneratedColumn|PrimaryKey)$/.test(nameOf(one)) || flag(one, 'primary'),
    );
    return primary ? [keyColumn(member) ?? member.name] : [];
  });

function ownIndex(member: Member): string[][] {
  const indexed = member.decorators.some(
    (one) =>
      /^(?:Index|Unique)$/.test(nameOf(one)) || flag(one, 'unique') || flag(one, 'index') || nameOf(one) === 'OneToOne',
  );
  return indexed ? [[member.name], ...(keyColumn(member) ? [[keyColumn(member) ?? '']] : [])] : [];
}

const flag = (decorator: Expr, key: string): boolean =>
  decorator.k === 'call' &&
  decorator.args.some((arg) => {
    const value = propOf(arg, key);
    return value !== undefined && !(value.k === 'bool' && !value.v) && value.k !== 'undefined';
  });

/** The column of a relation, or of a plain column, as the decorators name it. */
function keyColumn(member: Member): string | undefined {
  const joins = member.decorators.filter((one) =>
    /^(?:JoinColumn|Column|Property|PrimaryColumn|ManyToOne)$/.test(nameOf(one)),
  );
  for (const one of joins) {
    if (one.k !== 'call') continue;
    for (const arg of one.args) {
      const named =
        propOf(arg, 'name') ?? propOf(arg, 'field') ?? propOf(arg, 'fieldName') ?? propOf(arg, 'joinColumn');
      if (named?.k === 'str') return named.v;
    }
  }
  return member.decorators.some((one) => nameOf(one) === 'ManyToOne') ? `${member.name}Id` : undefined;
}

const mappedName = (member: Member): [string, string][] => {
  const column = keyColumn(member);
  return column && column !== member.name ? [[member.name, column]] : [];
};

function keyOf(model: CodeModel, file: string, member: Member): KeyedTable['keys'] {
  const relation = member.decorators.find((one) => /^(?:ManyToOne|ForeignKey)$/.test(nameOf(one)));
  if (relation?.k !== 'call' || disabled(relation)) return [];
  const column = keyColumn(member) ?? member.name;
  return [{ columns: [column], refers: target(model, file, relation), at: { file, line: lineOf(member.at) } }];
}

/** `createForeignKeyConstraints: false`: no foreign key in the database. `persist: false`: no column. */
const disabled = (relation: Decorator): boolean =>
  relation.args.some((arg) =>
    ['createForeignKeyConstraints', 'persist'].some((key) => {
      const value = propOf(arg, key);
      return value?.k === 'bool' && !value.v;
    }),
  );

function target(model: CodeModel, file: string, relation: Decorator): string {
  const [first] = relation.args;
  const named = first?.k === 'fn' ? returnedBy(model, file, first.fn) : (propOf(first, 'entity') ?? first);
  const value = named?.k === 'fn' ? returnedBy(model, file, named.fn) : named;
  return value?.k === 'ref' ? value.path : value?.k === 'str' ? value.v : '';
}
