import type { Class, Expr, Param } from '../../code/summary.ts';
import { lineOf } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { Place } from '../../model/place.ts';
import type { Context } from '../reading/context.ts';
import { nameOf, type Stage } from '../reading/stages.ts';

/** What decorated parameters of a handler say of its input. */
export interface Typed {
  /** The parameters that hold the body, with the class that describes each, or why none does. */
  readonly bodies: readonly TypedBody[];
}

interface TypedBody {
  readonly at: Place;
  readonly schema: string;
  readonly weak: string;
  readonly described: Place | undefined;
}

const bodies = /^(?:Body|BodyParam|Args?|Payload|MessageBody)$/;

/** `@Body() dto: CreateOrder` and its likes. */
export function typedBodies(context: Context, { handler }: Endpoint): readonly TypedBody[] {
  const func = handler && context.site.code.get(handler.file)?.summary.functions[handler.fn];
  if (!handler || !func) return [];
  return func.params.flatMap((param): TypedBody[] => {
    const decorator = param.decorators?.find((one) => bodies.test(nameOf(one)));
    if (!decorator) return [];
    const at = { file: handler.file, line: lineOf(func.at) };
    return [{ at, ...describe(context, handler.file, handler.fn, param, decorator) }];
  });
}

function describe(context: Context, file: string, fn: number, param: Param, decorator: Expr): Omit<TypedBody, 'at'> {
  const args = decorator.k === 'call' ? decorator.args : [];
  const own = args.map((arg) => ownPipe(context, file, fn, arg)).find((found) => found !== undefined);
  if (own !== undefined) return { schema: own, weak: '', described: { file } };
  if (args[0]?.k === 'str' && nameOf(decorator) !== 'Args' && nameOf(decorator) !== 'Arg')
    return none('its fields are taken one by one, without a class that describes them');
  if (/^Args?$/.test(nameOf(decorator))) return { schema: 'the types of GraphQL', weak: '', described: { file } };
  const type = param.type?.replace(/\[\]$|^Array<(.*)>$/, '$1').match(/^[A-Za-z_$][\w$.]*/)?.[0];
  if (type === undefined) return none('its body has no type that exists at run time');
  const origin = context.site.code.origin(file, 0, { k: 'ref', path: type, at: 0 });
  if (origin.kind === 'class' && !origin.member) return ofClass(context, origin.file, origin.cls, type);
  if (origin.kind === 'package') return { schema: type, weak: '', described: { file } };
  return none(
    /^(?:any|unknown|object|Record|Partial|string|number)$/.test(type)
      ? `its body is typed ${type}, which checks nothing`
      : `its body is typed ${type}, which is no class and does not exist at run time`,
  );
}

const none = (weak: string): Omit<TypedBody, 'at'> => ({ schema: '', weak, described: undefined });

/** `@Body(new ZodValidationPipe(schema))`: a pipe that is handed a schema, or any pipe that validates. */
function ownPipe(context: Context, file: string, fn: number, arg: Expr): string | undefined {
  if (arg.k === 'str' || arg.k === 'obj') return undefined;
  const made = arg.k === 'call' ? arg : undefined;
  const name = nameOf(made ? made.callee : arg);
  if (!/pipe|valid|schema/i.test(name)) return undefined;
  if (/^(?:Parse\w+Pipe|DefaultValuePipe|TrimPipe)$/.test(name)) return undefined;
  const schema = made?.args.map(nameOf).find(Boolean);
  const origin = context.site.code.origin(file, fn, made ? made.callee : arg);
  return origin.kind === 'unknown' ? undefined : schema || name;
}

const deepest = 6;

/** A class with decorators that check, its own or those of the classes it is derived from. */
function ofClass(context: Context, file: string, index: number, name: string): Omit<TypedBody, 'at'> {
  const cls = context.site.code.get(file)?.summary.classes[index];
  if (!cls) return none(`${name} could not be followed`);
  const described = { file, line: lineOf(cls.at) };
  if (checks(context, file, cls, 0)) return { schema: name, weak: '', described };
  return none(`${name} has no decorator that checks a field`);
}

function checks(context: Context, file: string, cls: Class, depth: number): boolean {
  const decorated = cls.members.some((member) =>
    member.decorators.some((one) => {
      const origin = context.site.code.origin(file, cls.parent, one.k === 'call' ? one.callee : one);
      if (origin.kind === 'package')
        return /^(?:class-validator|nestjs-i18n|class-validator-.*|@nestjs\/class-validator)$/.test(origin.package);
      return origin.kind === 'function' && /^(?:Is|Valid|Min|Max|Match|Length|Array|Not)/.test(nameOf(one));
    }),
  );
  if (decorated || !cls.extends || depth > deepest) return decorated;
  return bases(cls.extends).some((base) => {
    const origin = context.site.code.origin(file, cls.parent, base);
    if (origin.kind === 'package') return /zod/.test(origin.package) || /^createZodDto$/.test(origin.name);
    const source = origin.kind === 'class' ? context.site.code.get(origin.file) : undefined;
    const above = origin.kind === 'class' ? source?.summary.classes[origin.cls] : undefined;
    return origin.kind === 'class' && above ? checks(context, origin.file, above, depth + 1) : false;
  });
}

/** `PartialType(CreateOrder)`, `IntersectionType(A, B)`, `createZodDto(schema)`. */
function bases(expr: Expr): readonly Expr[] {
  if (expr.k !== 'call') return [expr];
  const name = nameOf(expr.callee);
  return /^createZodDto$/.test(name) ? [expr.callee] : expr.args.flatMap((arg) => (arg.k === 'arr' ? [] : bases(arg)));
}

/** A pipe in the chain that checks what classes describe. */
export function validationPipe(context: Context, stages: readonly Stage[]): Stage | undefined {
  return stages.find(({ link, origin }) => {
    if (!link || !origin) return false;
    if (origin.kind === 'package')
      return /^(?:ValidationPipe|ZodValidationPipe|I18nValidationPipe|createZodValidationPipe|ZodPipe)$/.test(
        origin.name === '*' || origin.name === 'default' ? origin.member : origin.name,
      );
    if (origin.kind !== 'class') return false;
    const cls = context.site.code.get(origin.file)?.summary.classes[origin.cls];
    return (
      /Valid\w*Pipe$/.test(cls?.name ?? '') || (cls?.extends ? nameOf(cls.extends).endsWith('ValidationPipe') : false)
    );
  });
}
