import type {
  ArrowFunctionExpression,
  Directive,
  Function as FunctionNode,
  ParamPattern,
  Statement,
  TSParameterProperty,
} from 'oxc-parser';
import type { Expr, Param, Stmt } from '../summary.ts';
import type { Builder } from './builder.ts';
import { readExpr } from './expressions.ts';
import { defaultOf, patternOf } from './patterns.ts';
import { readStmts } from './statements.ts';

/** Adds a function and everything inside it; answers with its index. */
export function readFunction(b: Builder, node: ArrowFunctionExpression | FunctionNode, name: string): number {
  const index = b.functions.length;
  const draft = {
    name: ('id' in node && node.id?.name) || name,
    parent: b.fn,
    async: node.async,
    params: [] as Param[],
    body: [] as Stmt[],
    at: b.at(node),
    end: b.endLine(node),
    ...(b.owner === undefined ? {} : { owner: b.owner }),
    ...(node.generator ? { generator: true } : {}),
  };
  b.functions.push(draft);
  const outer = { fn: b.fn, owner: b.owner };
  b.fn = index;
  b.owner = undefined;
  draft.params = node.params.map((param) => readParam(b, param));
  draft.body = bodyOf(b, node);
  const directives = directivesOf(node.body?.type === 'BlockStatement' ? node.body.body : []);
  if (directives.length > 0) Object.assign(draft, { directives });
  b.fn = outer.fn;
  b.owner = outer.owner;
  return index;
}

function bodyOf(b: Builder, node: ArrowFunctionExpression | FunctionNode): Stmt[] {
  const { body } = node;
  if (!body) return [];
  if (body.type === 'BlockStatement') return readStmts(b, body.body);
  return [{ k: 'return', of: readExpr(b, body as Parameters<typeof readExpr>[1]), at: b.at(body) }];
}

/** 'use server' and the like at the head of a body. */
export function directivesOf(body: readonly (Directive | Statement)[]): string[] {
  const found: string[] = [];
  for (const statement of body) {
    if (statement.type !== 'ExpressionStatement' || !('directive' in statement) || !statement.directive) break;
    found.push(statement.directive);
  }
  return found;
}

function readParam(b: Builder, node: ParamPattern | TSParameterProperty): Param {
  if (node.type === 'TSParameterProperty') {
    return { ...readParam(b, node.parameter as ParamPattern), ...decorated(b, node.decorators ?? []), property: true };
  }
  if (node.type === 'RestElement') return { pattern: patternOf(b, node.argument), rest: true, ...typed(b, node) };
  const fallback = defaultOf(b, node);
  const target = node.type === 'AssignmentPattern' ? node.left : node;
  return {
    pattern: patternOf(b, node),
    ...(fallback ? { default: fallback } : {}),
    ...typed(b, target),
    ...decorated(b, node.decorators ?? []),
  };
}

function typed(b: Builder, node: object): { type?: string } {
  const type = typeText(b, node);
  return type === undefined ? {} : { type };
}

function decorated(
  b: Builder,
  decorators: readonly { expression: Parameters<typeof readExpr>[1] }[],
): { decorators?: Expr[] } {
  return decorators.length === 0 ? {} : { decorators: decorators.map((d) => readExpr(b, d.expression)) };
}

/** The annotation after the colon, white space folded, at most 120 characters. */
export function typeText(b: Builder, node: object): string | undefined {
  const annotation =
    'typeAnnotation' in node
      ? (node.typeAnnotation as { typeAnnotation?: { start: number; end: number } } | null)
      : undefined;
  const inner = annotation?.typeAnnotation;
  return inner ? b.text.slice(inner.start, Math.min(inner.end, inner.start + 120)).replaceAll(/\s+/g, ' ') : undefined;
}
