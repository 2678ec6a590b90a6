import type {
  Argument,
  ArrayExpressionElement,
  Expression,
  JSXChild,
  JSXElement,
  JSXFragment,
  ObjectPropertyKind,
  SimpleAssignmentTarget,
  Super,
  TemplateLiteral,
} from 'oxc-parser';
import type { Expr, Prop } from '../summary.ts';
import type { Builder } from './builder.ts';
import { readClass } from './classes.ts';
import { readFunction } from './functions.ts';
import { patternOf } from './patterns.ts';

const longestString = 2000;
const cut = (text: string): string => (text.length > longestString ? text.slice(0, longestString) : text);

type Readable =
  | Expression
  | Argument
  | ArrayExpressionElement
  | SimpleAssignmentTarget
  | Super
  | JSXElement
  | JSXFragment;

/** Reduces an expression of the syntax tree. `name` is what a function or class value is bound to. */
export function readExpr(b: Builder, node: Readable, name = ''): Expr {
  if (node === null) return { k: 'undefined' };
  switch (node.type) {
    case 'Identifier':
      return node.name === 'undefined' ? { k: 'undefined' } : { k: 'ref', path: node.name, at: b.at(node) };
    case 'Literal':
      return literal(b, node);
    case 'MemberExpression':
      return member(b, node);
    case 'CallExpression':
      return call(b, node);
    case 'NewExpression':
      return {
        k: 'call',
        callee: readExpr(b, node.callee),
        args: node.arguments.map((a) => readExpr(b, a)),
        new: true,
        at: b.at(node),
      };
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
      return readExpr(b, node.expression, name);
    case 'AwaitExpression':
      return { k: 'await', of: readExpr(b, node.argument) };
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { k: 'fn', fn: readFunction(b, node, name) };
    case 'ClassExpression':
      return { k: 'class', cls: readClass(b, node, name) };
    case 'ObjectExpression':
      return { k: 'obj', props: node.properties.map((p) => property(b, p)), at: b.at(node) };
    case 'ArrayExpression':
      return { k: 'arr', items: node.elements.map((e) => readExpr(b, e)), at: b.at(node) };
    case 'SpreadElement':
      return { k: 'spread', of: readExpr(b, node.argument) };
    case 'TemplateLiteral':
      return template(b, node);
    case 'TaggedTemplateExpression':
      return { k: 'template', ...templateParts(b, node.quasi), tag: readExpr(b, node.tag), at: b.at(node) };
    case 'BinaryExpression':
    case 'LogicalExpression':
      return {
        k: 'bin',
        op: node.operator,
        l: node.left.type === 'PrivateIdentifier' ? { k: 'other' } : readExpr(b, node.left),
        r: readExpr(b, node.right),
        at: b.at(node),
      };
    case 'UnaryExpression':
      return { k: 'unary', op: node.operator, of: readExpr(b, node.argument) };
    case 'UpdateExpression':
      return { k: 'unary', op: node.operator, of: readExpr(b, node.argument) };
    case 'YieldExpression':
      return { k: 'unary', op: 'yield', of: node.argument ? readExpr(b, node.argument) : { k: 'undefined' } };
    case 'ConditionalExpression':
      return {
        k: 'cond',
        test: readExpr(b, node.test),
        then: readExpr(b, node.consequent, name),
        else: readExpr(b, node.alternate, name),
        at: b.at(node),
      };
    case 'AssignmentExpression':
      return assignment(b, node);
    case 'SequenceExpression':
      return { k: 'seq', of: node.expressions.map((e) => readExpr(b, e)) };
    case 'ThisExpression':
      return { k: 'ref', path: 'this', at: b.at(node) };
    case 'Super':
      return { k: 'ref', path: 'super', at: b.at(node) };
    case 'MetaProperty':
      return { k: 'ref', path: `${node.meta.name}.${node.property.name}`, at: b.at(node) };
    case 'ImportExpression':
      return dynamicImport(b, node.source, b.at(node));
    case 'JSXElement':
    case 'JSXFragment':
      return jsx(b, node);
    default:
      return { k: 'other' };
  }
}

function literal(b: Builder, node: Extract<Expression, { type: 'Literal' }>): Expr {
  const { value } = node;
  if (typeof value === 'string') return { k: 'str', v: cut(value), at: b.at(node) };
  if (typeof value === 'number') return { k: 'num', v: value };
  if (typeof value === 'boolean') return { k: 'bool', v: value };
  if (typeof value === 'bigint') return { k: 'num', v: Number(value) };
  if ('regex' in node) return { k: 'regex', v: cut(`/${node.regex.pattern}/${node.regex.flags}`) };
  return 'bigint' in node ? { k: 'num', v: Number(node.bigint) } : { k: 'null' };
}

function member(b: Builder, node: Extract<Expression, { type: 'MemberExpression' }>): Expr {
  const of = readExpr(b, node.object);
  if (!node.computed) return chain(b, of, node.property.name, node);
  const key = node.property;
  if (key.type === 'Literal' && typeof key.value === 'string' && /^[\w$-]+$/.test(key.value))
    return chain(b, of, key.value, node);
  return { k: 'index', of, by: readExpr(b, key), at: b.at(node) };
}

function chain(b: Builder, of: Expr, name: string, node: { start: number; end: number }): Expr {
  if (of.k === 'ref') return { k: 'ref', path: `${of.path}.${name}`, at: of.at };
  return { k: 'member', of, name, at: b.at(node) };
}

function call(b: Builder, node: Extract<Expression, { type: 'CallExpression' }>): Expr {
  const callee = readExpr(b, node.callee);
  const args = node.arguments.map((a) => readExpr(b, a));
  const at = b.at(
    node.callee.type === 'MemberExpression' && !node.callee.computed ? node.callee.property : node.callee,
  );
  const [specifier] = args;
  if (callee.k === 'ref' && callee.path === 'require' && specifier?.k === 'str') {
    b.imports.push({ from: specifier.v, kind: 'require', typeOnly: false, names: [], at });
  }
  return node.optional ? { k: 'call', callee, args, optional: true, at } : { k: 'call', callee, args, at };
}

function dynamicImport(b: Builder, source: Expression, at: number): Expr {
  const of = readExpr(b, source);
  if (of.k === 'str') b.imports.push({ from: of.v, kind: 'dynamic', typeOnly: false, names: [], at });
  return { k: 'import', of, at };
}

function property(b: Builder, node: ObjectPropertyKind): Prop {
  if (node.type === 'SpreadElement') return { key: '...', value: readExpr(b, node.argument), at: b.at(node) };
  const key = keyOf(node.key, node.computed);
  return { key, value: readExpr(b, node.value as Expression, key), at: b.at(node) };
}

/** The name of a property, '[]' when it is computed. */
export function keyOf(key: { type: string; name?: unknown; value?: unknown }, computed: boolean): string {
  if (key.type === 'Literal') return String(key.value);
  if (!computed && typeof key.name === 'string') return key.type === 'PrivateIdentifier' ? `#${key.name}` : key.name;
  return '[]';
}

function template(b: Builder, node: TemplateLiteral): Expr {
  const { parts, of } = templateParts(b, node);
  return of.length === 0
    ? { k: 'str', v: parts[0] ?? '', at: b.at(node) }
    : { k: 'template', parts, of, at: b.at(node) };
}

function templateParts(b: Builder, node: TemplateLiteral): { parts: string[]; of: Expr[] } {
  return {
    parts: node.quasis.map((q) => cut(q.value.cooked ?? q.value.raw)),
    of: node.expressions.map((e) => readExpr(b, e)),
  };
}

function assignment(b: Builder, node: Extract<Expression, { type: 'AssignmentExpression' }>): Expr {
  const { left } = node;
  const at = b.at(node);
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
    return {
      k: 'assign',
      op: node.operator,
      target: { k: 'pattern', pattern: patternOf(b, left) },
      value: readExpr(b, node.right),
      at,
    };
  }
  const target = readExpr(b, left);
  const name = target.k === 'ref' ? (target.path.split('.').at(-1) ?? '') : '';
  return { k: 'assign', op: node.operator, target, value: readExpr(b, node.right, name), at };
}

function jsx(b: Builder, node: JSXElement | JSXFragment): Expr {
  b.jsx = true;
  const children = node.children.flatMap((child) => jsxChild(b, child));
  if (node.type === 'JSXFragment') return { k: 'jsx', tag: '', props: [], children, at: b.at(node) };
  const props = node.openingElement.attributes.flatMap((attribute): Prop[] => {
    if (attribute.type === 'JSXSpreadAttribute')
      return [{ key: '...', value: readExpr(b, attribute.argument), at: b.at(attribute) }];
    const key =
      attribute.name.type === 'JSXIdentifier'
        ? attribute.name.name
        : `${attribute.name.namespace.name}:${attribute.name.name.name}`;
    if (plainAttributes.has(key)) return [];
    const { value } = attribute;
    if (!value) return [{ key, value: { k: 'bool', v: true }, at: b.at(attribute) }];
    if (value.type === 'JSXExpressionContainer') {
      return value.expression.type === 'JSXEmptyExpression'
        ? []
        : [{ key, value: readExpr(b, value.expression, key), at: b.at(attribute) }];
    }
    return [{ key, value: readExpr(b, value), at: b.at(attribute) }];
  });
  return { k: 'jsx', tag: tagOf(b.text, node.openingElement.name), props, children, at: b.at(node) };
}

/** Attributes that say nothing about behaviour and make up most of a component's text. */
const plainAttributes: ReadonlySet<string> = new Set([
  'className',
  'style',
  'd',
  'fill',
  'stroke',
  'viewBox',
  'width',
  'height',
  'alt',
  'key',
]);

function tagOf(text: string, name: { start: number; end: number }): string {
  return text.slice(name.start, Math.min(name.end, name.start + 80));
}

function jsxChild(b: Builder, child: JSXChild): Expr[] {
  if (child.type === 'JSXText') return [];
  if (child.type === 'JSXElement' || child.type === 'JSXFragment') return [jsx(b, child)];
  if (child.type === 'JSXSpreadChild') return [readExpr(b, child.expression)];
  return child.expression.type === 'JSXEmptyExpression' ? [] : [readExpr(b, child.expression)];
}
