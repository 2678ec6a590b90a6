import type { Class as ClassNode, ClassElement } from 'oxc-parser';
import type { Class, Member } from '../summary.ts';
import type { Builder } from './builder.ts';
import { keyOf, readExpr } from './expressions.ts';
import { readFunction, typeText } from './functions.ts';
import { readStmts } from './statements.ts';

/** Adds a class and its members; answers with its index. */
export function readClass(b: Builder, node: ClassNode, name: string): number {
  const index = b.classes.length;
  const head: Class = {
    name: node.id?.name ?? name,
    implements: (node.implements ?? []).map((i) => b.text.slice(i.start, Math.min(i.end, i.start + 120))),
    decorators: node.decorators.map((d) => readExpr(b, d.expression)),
    members: [],
    parent: b.fn,
    at: b.at(node.id ?? node),
    end: b.endLine(node),
    ...(node.superClass ? { extends: readExpr(b, node.superClass) } : {}),
  };
  b.classes.push(head);
  b.classes[index] = { ...head, members: node.body.body.flatMap((element) => readMember(b, element, index)) };
  return index;
}

function readMember(b: Builder, node: ClassElement, owner: number): Member[] {
  if (node.type === 'StaticBlock') return [staticBlock(b, node, owner)];
  if (node.type === 'TSIndexSignature') return [];
  const name = keyOf(node.key, node.computed);
  const base = {
    name,
    static: node.static,
    decorators: node.decorators.map((d) => readExpr(b, d.expression)),
    at: b.at(node.key),
  };
  if (node.type === 'MethodDefinition')
    return [{ ...base, kind: node.kind, fn: owned(b, owner, () => readFunction(b, node.value, name)) }];
  if (node.type !== 'PropertyDefinition' && node.type !== 'AccessorProperty') return [];
  const type = typeText(b, node);
  const extra = {
    ...(type === undefined ? {} : { type }),
    ...('optional' in node && node.optional ? { optional: true } : {}),
  };
  if (!node.value) return [{ ...base, kind: 'property', ...extra }];
  const initial = node.value;
  const value = owned(b, owner, () => readExpr(b, initial, name));
  return [{ ...base, kind: 'property', value, ...extra, ...(value.k === 'fn' ? { fn: value.fn } : {}) }];
}

function owned<T>(b: Builder, owner: number, read: () => T): T {
  const outer = b.owner;
  b.owner = owner;
  const result = read();
  b.owner = outer;
  return result;
}

function staticBlock(b: Builder, node: Extract<ClassElement, { type: 'StaticBlock' }>, owner: number): Member {
  const fn = b.functions.length;
  const draft = {
    name: 'static',
    parent: b.fn,
    owner,
    async: false,
    params: [],
    body: [] as ReturnType<typeof readStmts>,
    at: b.at(node),
    end: b.endLine(node),
  };
  b.functions.push(draft);
  const outer = b.fn;
  b.fn = fn;
  draft.body = readStmts(b, node.body);
  b.fn = outer;
  return { name: 'static', kind: 'method', static: true, decorators: [], fn, at: draft.at };
}
