import type { CodeModel } from '../../code/model.ts';
import { lineOf, type Class, type Expr, type Member } from '../../code/summary.ts';
import { pathOf, propOf } from '../../code/walk.ts';
import type { Column, OnDelete, Reference, Table, TableIndex, TableLayer } from '../../facts/tables.ts';
import type { Place } from '../../model/place.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** Packages whose decorators make tables of classes. */
const layers: readonly { readonly package: RegExp; readonly layer: TableLayer; readonly entity: RegExp }[] = [
  { package: /^typeorm$/, layer: 'typeorm', entity: /^(?:Entity|ChildEntity|ViewEntity)$/ },
  { package: /^@mikro-orm\//, layer: 'mikro-orm', entity: /^Entity$/ },
  { package: /^(?:sequelize-typescript|@sequelize\/core)$/, layer: 'sequelize', entity: /^Table$/ },
  { package: /^@nestjs\/mongoose$/, layer: 'mongo', entity: /^Schema$/ },
  { package: /^@typegoose\/typegoose$/, layer: 'mongo', entity: /^(?:modelOptions|index|pre|post|plugin)$/ },
];

/** Classes whose decorators declare tables: TypeORM, MikroORM, sequelize-typescript, Mongoose for Nest, Typegoose. */
export function entityTables(model: CodeModel, file: string): readonly Table[] {
  const classes = model.get(file)?.summary.classes ?? [];
  return classes.flatMap((cls) => {
    const found = entityOf(model, file, cls);
    if (!found) return [];
    const members = inherited(model, file, cls);
    return [
      {
        name: cls.name,
        table: found.name ?? cls.name,
        layer: found.layer,
        columns: members.flatMap((one) => columnOf(one)),
        references: members.flatMap((one) => referenceOf(model, one)),
        indexes: [...members.flatMap((one) => keyOf(one)), ...classIndexes(file, cls)],
        at: { file, line: lineOf(cls.at) },
      },
    ];
  });
}

function entityOf(
  model: CodeModel,
  file: string,
  cls: Class,
): { readonly layer: TableLayer; readonly name: string | undefined } | undefined {
  for (const decorator of cls.decorators) {
    const call = decorator.k === 'call' ? decorator : undefined;
    const origin = model.origin(file, cls.parent, call?.callee ?? decorator);
    if (origin.kind !== 'package') continue;
    const found = layers.find((one) => one.package.test(origin.package) && one.entity.test(origin.name));
    if (found) return { layer: found.layer, name: call && tableName(call) };
  }
  return undefined;
}

function tableName(call: CallExpr): string | undefined {
  const [first] = call.args;
  if (first?.k === 'str') return first.v;
  const named = ['name', 'tableName', 'collection']
    .map((key) => propOf(first, key))
    .find((value) => value?.k === 'str');
  return named?.k === 'str' ? named.v : undefined;
}

interface Owned {
  readonly file: string;
  readonly cls: Class;
  readonly member: Member;
}

/** Its own members and those of its base classes. */
function inherited(model: CodeModel, file: string, cls: Class, depth = 0): readonly Owned[] {
  const own = cls.members.filter((m) => m.kind === 'property' || m.decorators.length > 0);
  const base = cls.extends && depth < 5 ? model.origin(file, cls.parent, cls.extends) : undefined;
  const above = base?.kind === 'class' ? model.get(base.file)?.summary.classes[base.cls] : undefined;
  return [
    ...own.map((member) => ({ file, cls, member })),
    ...(base?.kind === 'class' && above ? inherited(model, base.file, above, depth + 1) : []),
  ];
}

const relation = /^(?:ManyToOne|OneToOne|BelongsTo)$/;
const many = /^(?:OneToMany|ManyToMany|HasMany|HasOne|BelongsToMany|VersionColumn|Formula|RelationId)$/;

interface Decorator {
  readonly name: string;
  readonly call: CallExpr | undefined;
}

function decoratorsOf(member: Member): readonly Decorator[] {
  return member.decorators.map((decorator) => {
    const call = decorator.k === 'call' ? decorator : undefined;
    const path = pathOf(call?.callee ?? decorator);
    return { name: path.slice(path.lastIndexOf('.') + 1), call };
  });
}

const optionsOf = (call: CallExpr | undefined): Expr | undefined => call?.args.findLast((arg) => arg.k === 'obj');

function textOf(expr: Expr | undefined): string | undefined {
  return expr?.k === 'str' ? expr.v : expr?.k === 'ref' ? expr.path.slice(expr.path.lastIndexOf('.') + 1) : undefined;
}

function columnOf({ file, member }: Owned): readonly Column[] {
  const decorators = decoratorsOf(member);
  const column = decorators.find(({ name }) =>
    /Column$|^(?:Property|Prop|prop|Enum|PrimaryKey|ForeignKey)$/.test(name),
  );
  if (!column || decorators.some(({ name }) => relation.test(name) || many.test(name))) return [];
  const options = optionsOf(column.call);
  const [first] = column.call?.args ?? [];
  const named = ['name', 'field', 'fieldName'].map((key) => textOf(propOf(options, key))).find((v) => v !== undefined);
  const optional = [propOf(options, 'nullable'), propOf(options, 'allowNull')].some((v) => v?.k === 'bool' && v.v);
  return [
    {
      name: member.name,
      column: named ?? member.name,
      type: (first?.k === 'str' ? first.v : textOf(propOf(options, 'type'))) ?? member.type ?? '',
      optional: optional || member.optional === true,
      at: { file, line: lineOf(member.at) },
    },
  ];
}

function referenceOf(model: CodeModel, { file, member }: Owned): readonly Reference[] {
  const at: Place = { file, line: lineOf(member.at) };
  return decoratorsOf(member).flatMap(({ name, call }): readonly Reference[] => {
    const options = optionsOf(call);
    if (name === 'ForeignKey')
      return [{ columns: [member.name], to: targetOf(model, file, call), onDelete: 'default', at }];
    if (name === 'Prop' || name === 'prop') return mongoReference(model, file, member, options, at);
    if (!relation.test(name)) return [];
    const to = targetOf(model, file, call) || textOf(propOf(options, 'entity')) || (member.type ?? '');
    const action = ['onDelete', 'deleteRule'].map((key) => textOf(propOf(options, key))).find((v) => v !== undefined);
    return [{ columns: [member.name], to, onDelete: actionOf(action), at }];
  });
}

/** `@Prop({ ref: 'User' })`, `@Prop({ ref: User.name })` */
function mongoReference(
  model: CodeModel,
  file: string,
  member: Member,
  options: Expr | undefined,
  at: Place,
): readonly Reference[] {
  const ref = propOf(options, 'ref');
  if (!ref) return [];
  const to = ref.k === 'fn' ? returnedName(model, file, ref.fn) : refName(ref);
  return to ? [{ columns: [member.name], to, onDelete: 'default', at }] : [];
}

const refName = (ref: Expr): string =>
  ref.k === 'str'
    ? ref.v
    : ref.k === 'ref'
      ? (ref.path
          .replace(/\.name$/, '')
          .split('.')
          .at(-1) ?? '')
      : '';

function targetOf(model: CodeModel, file: string, call: CallExpr | undefined): string {
  for (const arg of call?.args ?? []) {
    if (arg.k === 'str') return arg.v;
    if (arg.k === 'fn') return returnedName(model, file, arg.fn);
    if (arg.k === 'ref') return arg.path;
  }
  return '';
}

function returnedName(model: CodeModel, file: string, fn: number): string {
  const last = model.get(file)?.summary.functions[fn]?.body.at(-1);
  return last?.k === 'return' && last.of ? refName(last.of) : '';
}

/** The action as the libraries spell it. */
export function actionOf(word: string | undefined): OnDelete {
  const plain = word?.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (plain === 'cascade' || plain === 'remove') return 'cascade';
  if (plain === 'setnull' || plain === 'setdefault') return 'set-null';
  return plain === 'restrict' || plain === 'noaction' ? 'restrict' : 'default';
}

function keyOf({ file, member }: Owned): readonly TableIndex[] {
  const at = { file, line: lineOf(member.at) };
  return decoratorsOf(member).flatMap(({ name, call }): readonly TableIndex[] => {
    const set = (key: string): boolean => {
      const value = propOf(optionsOf(call), key);
      return value !== undefined && !(value.k === 'bool' && !value.v);
    };
    const expires = set('expires') || set('expireAfterSeconds');
    if (/^Primary(?:Generated)?(?:Column|Key)$|^PrimaryKey$|^Unique$/.test(name) || set('unique'))
      return [{ columns: [member.name], unique: true, expires, at }];
    return name === 'Index' || set('index') || expires ? [{ columns: [member.name], unique: false, expires, at }] : [];
  });
}

/** `@Index(['a', 'b'])`, `@Unique(['a'])` on the class. */
function classIndexes(file: string, cls: Class): readonly TableIndex[] {
  return cls.decorators.flatMap((decorator): readonly TableIndex[] => {
    if (decorator.k !== 'call' || !/^(?:Index|Unique)$/.test(pathOf(decorator.callee))) return [];
    const options = optionsOf(decorator);
    const list = decorator.args.find((arg) => arg.k === 'arr') ?? propOf(options, 'properties');
    const columns = list?.k === 'arr' ? list.items.flatMap((item) => (item.k === 'str' ? [item.v] : [])) : [];
    const unique = pathOf(decorator.callee) === 'Unique' || propOf(options, 'unique')?.k === 'bool';
    return columns.length > 0 ? [{ columns, unique, expires: false, at: { file, line: lineOf(cls.at) } }] : [];
  });
}
