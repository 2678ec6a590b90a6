import type { AssignmentTarget, AssignmentTargetMaybeDefault, BindingPattern } from 'oxc-parser';
import type { Expr, Pattern } from '../summary.ts';
import type { Builder } from './builder.ts';
import { keyOf, readExpr } from './expressions.ts';

type Readable = BindingPattern | AssignmentTargetMaybeDefault | AssignmentTarget;

/** Reads what a declaration, parameter or destructuring assignment binds. */
export function patternOf(b: Builder, node: Readable): Pattern {
  switch (node.type) {
    case 'Identifier':
      return { k: 'name', name: node.name };
    case 'AssignmentPattern':
      return patternOf(b, node.left);
    case 'ObjectPattern':
      return objectPattern(b, node);
    case 'ArrayPattern':
      return {
        k: 'arr',
        items: node.elements.map((e) =>
          e === null ? null : e.type === 'RestElement' ? patternOf(b, e.argument) : patternOf(b, e),
        ),
      };
    default:
      return { k: 'name', name: '' };
  }
}

/** `x = 1` inside a pattern. */
export function defaultOf(b: Builder, node: Readable): Expr | undefined {
  return node.type === 'AssignmentPattern' ? readExpr(b, node.right) : undefined;
}

function objectPattern(b: Builder, node: Extract<Readable, { type: 'ObjectPattern' }>): Pattern {
  const props: { key: string; pattern: Pattern; default?: Expr }[] = [];
  let rest: string | undefined;
  for (const property of node.properties) {
    if (property.type === 'RestElement') {
      const bound = patternOf(b, property.argument);
      rest = bound.k === 'name' ? bound.name : '';
      continue;
    }
    const value = property.value as Readable;
    const fallback = defaultOf(b, value);
    const read = { key: keyOf(property.key, property.computed), pattern: patternOf(b, value) };
    props.push(fallback ? { ...read, default: fallback } : read);
  }
  return rest === undefined ? { k: 'obj', props } : { k: 'obj', props, rest };
}
