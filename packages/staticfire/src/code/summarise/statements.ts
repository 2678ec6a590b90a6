import type {
  Declaration,
  Directive,
  Expression,
  ForStatementInit,
  ForStatementLeft,
  Statement,
  TSEnumDeclaration,
  VariableDeclaration,
} from 'oxc-parser';
import type { Expr, Pattern, Stmt } from '../summary.ts';
import type { Builder } from './builder.ts';
import { readClass } from './classes.ts';
import { keyOf, readExpr } from './expressions.ts';
import { readFunction, typeText } from './functions.ts';
import { patternOf } from './patterns.ts';

export function readStmts(b: Builder, nodes: readonly (Statement | Directive)[]): Stmt[] {
  return nodes.flatMap((node) => readStmt(b, node));
}

const block = (b: Builder, node: Statement): Stmt[] => readStmt(b, node);

/** Reduces a statement; blocks and labels dissolve into what they hold. */
export function readStmt(b: Builder, node: Statement | Directive): Stmt[] {
  switch (node.type) {
    case 'ExpressionStatement':
      return 'directive' in node && node.directive ? [] : [{ k: 'expr', of: readExpr(b, node.expression) }];
    case 'BlockStatement':
      return readStmts(b, node.body);
    case 'LabeledStatement':
      return readStmt(b, node.body);
    case 'ReturnStatement':
      return [
        node.argument
          ? { k: 'return', of: readExpr(b, node.argument), at: b.at(node) }
          : { k: 'return', at: b.at(node) },
      ];
    case 'ThrowStatement':
      return [{ k: 'throw', of: readExpr(b, node.argument), at: b.at(node) }];
    case 'IfStatement':
      return [readIf(b, node)];
    case 'ForStatement':
      return readFor(b, node);
    case 'ForInStatement':
    case 'ForOfStatement':
      return [
        {
          k: 'loop',
          head: [readExpr(b, node.right)],
          ...binding(b, node.left),
          body: block(b, node.body),
          at: b.at(node),
        },
      ];
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [{ k: 'loop', head: [readExpr(b, node.test)], body: block(b, node.body), at: b.at(node) }];
    case 'TryStatement':
      return [readTry(b, node)];
    case 'SwitchStatement':
      return [readSwitch(b, node)];
    case 'BreakStatement':
    case 'ContinueStatement':
      return [{ k: 'jump' }];
    case 'VariableDeclaration':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return readDeclaration(b, node);
    default:
      return [];
  }
}

function readIf(b: Builder, node: Extract<Statement, { type: 'IfStatement' }>): Stmt {
  const at = b.at(node);
  const read = { k: 'if' as const, test: readExpr(b, node.test), then: block(b, node.consequent) };
  return node.alternate ? { ...read, else: block(b, node.alternate), at } : { ...read, at };
}

function readFor(b: Builder, node: Extract<Statement, { type: 'ForStatement' }>): Stmt[] {
  const at = b.at(node);
  const before = node.init ? forInit(b, node.init) : [];
  const head = [node.test, node.update].flatMap((part) => (part ? [readExpr(b, part)] : []));
  return [...before, { k: 'loop', head, body: block(b, node.body), at }];
}

function forInit(b: Builder, init: ForStatementInit): Stmt[] {
  return init.type === 'VariableDeclaration'
    ? readDeclaration(b, init)
    : [{ k: 'expr', of: readExpr(b, init as Expression) }];
}

function binding(b: Builder, left: ForStatementLeft): { binding?: Pattern } {
  if (left.type !== 'VariableDeclaration') return {};
  const [declared] = left.declarations;
  return declared ? { binding: patternOf(b, declared.id) } : {};
}

function readTry(b: Builder, node: Extract<Statement, { type: 'TryStatement' }>): Stmt {
  const { handler } = node;
  return {
    k: 'try',
    block: readStmts(b, node.block.body),
    ...(handler?.param ? { param: patternOf(b, handler.param) } : {}),
    ...(handler ? { handler: readStmts(b, handler.body.body) } : {}),
    ...(node.finalizer ? { finally: readStmts(b, node.finalizer.body) } : {}),
    at: b.at(node),
  };
}

function readSwitch(b: Builder, node: Extract<Statement, { type: 'SwitchStatement' }>): Stmt {
  const cases = node.cases.map((c) => ({
    ...(c.test ? { test: readExpr(b, c.test) } : {}),
    body: readStmts(b, c.consequent),
  }));
  return { k: 'switch', on: readExpr(b, node.discriminant), cases, at: b.at(node) };
}

/** Declarations, with or without `export` before them. Types leave only their names. */
export function readDeclaration(b: Builder, node: Declaration): Stmt[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declare ? [] : readVariables(b, node);
    case 'FunctionDeclaration':
      return node.body ? [{ k: 'function', fn: readFunction(b, node, '') }] : [];
    case 'ClassDeclaration':
      return node.declare ? [] : [{ k: 'class', cls: readClass(b, node, '') }];
    case 'TSEnumDeclaration':
      return node.declare ? [] : [readEnum(b, node)];
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      b.types.push(node.id.name);
      return [];
    case 'TSModuleDeclaration':
      return !node.declare && node.body && 'body' in node.body && Array.isArray(node.body.body)
        ? readStmts(b, node.body.body as Statement[])
        : [];
    default:
      return [];
  }
}

function readVariables(b: Builder, node: VariableDeclaration): Stmt[] {
  const kind = node.kind === 'let' || node.kind === 'var' ? node.kind : 'const';
  return node.declarations.map((declared): Stmt => {
    const pattern = patternOf(b, declared.id);
    const type = typeText(b, declared.id);
    return {
      k: 'let',
      pattern,
      ...(declared.init ? { init: readExpr(b, declared.init, pattern.k === 'name' ? pattern.name : '') } : {}),
      kind,
      ...(type === undefined ? {} : { type }),
      at: b.at(declared),
    };
  });
}

/** An enum is the object that it becomes. */
function readEnum(b: Builder, node: TSEnumDeclaration): Stmt {
  const props = node.body.members.map((member) => {
    const value: Expr = member.initializer ? readExpr(b, member.initializer) : { k: 'other' };
    return { key: keyOf(member.id, false), value, at: b.at(member) };
  });
  return {
    k: 'let',
    pattern: { k: 'name', name: node.id.name },
    init: { k: 'obj', props, at: b.at(node) },
    kind: 'const',
    at: b.at(node),
  };
}
