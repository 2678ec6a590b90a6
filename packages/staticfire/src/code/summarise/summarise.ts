import type {
  Directive,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Expression,
  ImportDeclaration,
  ModuleExportName,
  Program,
  Statement,
} from 'oxc-parser';
import type { Export, Expr, FileSummary, Import, Pattern, Stmt } from '../summary.ts';
import { parseByJson, type Language, type Parse } from '../syntax/parse.ts';
import { createBuilder, type Builder } from './builder.ts';
import { readClass } from './classes.ts';
import { readExpr } from './expressions.ts';
import { directivesOf, readFunction } from './functions.ts';
import { readDeclaration, readStmt } from './statements.ts';
import { countTests } from './tests.ts';

/** Raise it with every change to what a summary holds: kept summaries of another version are not used. */
export const summaryVersion = 'summary-4';

/** The seam between source text and everything else: one file's text becomes its summary. Pure; any parser gives the same. */
export function summarise(path: string, text: string, parse: Parse = parseByJson): FileSummary {
  const parsed = parse(path, text, languageOf(path));
  const b = createBuilder(text);
  const exports = readModule(b, parsed.program);
  const summary: FileSummary = {
    imports: b.imports.toSorted((x, y) => x.at - y.at),
    exports,
    functions: b.functions,
    classes: b.classes,
    directives: directivesOf(parsed.program.body),
    errors: parsed.errors.filter((e) => e.severity === 'Error').map((e) => e.message),
    lines: b.functions[0]?.end ?? 1,
    jsx: b.jsx,
    generated: isGenerated(text),
    computesPaths: pathWork.test(text),
    namesEnvironment: environment.test(text),
    types: b.types,
  };
  const tests = countTests(text, summary);
  return tests ? { ...summary, tests } : summary;
}

function languageOf(path: string): Language {
  if (/\.d\.[cm]?ts$/.test(path)) return 'dts';
  // Plain JavaScript is read as TypeScript with JSX: a superset in practice, also of Flow-free JSX in .js files.
  return /\.[cm]?ts$/.test(path) ? 'ts' : 'tsx';
}

/** Signs of paths that are worked out at run time. Coarse: the expressions decide. */
const pathWork =
  /\b__dirname\b|\bimport\.meta(?:\.(?:url|dir|dirname|filename|path|glob\w*|resolve)\b|\s*[,)])|\b(?:import|require(?:\.\w+)?)\s*\(\s*(?:\/\*[\s\S]{0,80}?\*\/\s*)?[^\s'"/]|\b(?:glob|globSync|globby|fg)\b|\bautoload|process\.cwd\(\)|\*[\w.*/-]*\.(?:[cm]?[jt]s\b|\{)/i;

const environment =
  /\bprocess\??\.\s*env\b|\bmeta\.env\b|\b(?:Bun|Deno)\.env\b|=\s*process\b|['"](?:node:)?process['"]/;

/** Marks that generators leave in the head of a file. */
function isGenerated(text: string): boolean {
  const head = text.slice(0, 600);
  return generator.test(head) && generator.test(head.split('\n').slice(0, 12).filter(isComment).join('\n'));
}

const generator = /@generated\b|\bdo not (?:edit|modify)\b|auto-?generated|automatically generated/i;

const isComment = (line: string): boolean => /^\s*(?:\/\/|\/?\*|#)/.test(line);

function readModule(b: Builder, program: Program): Export[] {
  const body: Stmt[] = [];
  b.functions.push({
    name: '',
    parent: -1,
    async: true,
    params: [],
    body,
    at: 1025,
    end: b.endLine(program.body.at(-1) ?? { start: 0, end: 0 }),
  });
  b.fn = 0;
  const exports: Export[] = [];
  for (const node of program.body) {
    const before = body.length;
    body.push(...readTopLevel(b, node, exports));
    for (const stmt of body.slice(before)) if (stmt.k === 'expr') exports.push(...commonjs(stmt.of));
  }
  return exports;
}

function readTopLevel(b: Builder, node: Statement | Directive, exports: Export[]): Stmt[] {
  switch (node.type) {
    case 'ImportDeclaration':
      b.imports.push(readImport(b, node));
      return [];
    case 'ExportNamedDeclaration':
      return readNamedExport(b, node, exports);
    case 'ExportDefaultDeclaration':
      return readDefaultExport(b, node, exports);
    case 'ExportAllDeclaration': {
      const from = node.source.value;
      const typeOnly = node.exportKind === 'type';
      const at = b.at(node);
      b.imports.push({ from, kind: 'static', typeOnly, names: [], at });
      exports.push({ name: node.exported ? nameOf(node.exported) : '*', from, imported: '*', typeOnly, at });
      return [];
    }
    case 'TSExportAssignment': {
      const value = readExpr(b, node.expression, 'default');
      exports.push({ name: 'default', ...bound(value), typeOnly: false, value, at: b.at(node) });
      return [];
    }
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        const local = node.id.name;
        b.imports.push({
          from: node.moduleReference.expression.value,
          kind: 'require',
          typeOnly: node.importKind === 'type',
          names: [{ imported: '*', local }],
          at: b.at(node),
        });
      }
      return [];
    default:
      return readStmt(b, node);
  }
}

const nameOf = (node: ModuleExportName): string => (node.type === 'Literal' ? node.value : node.name);
const bound = (value: Expr): { local?: string } =>
  value.k === 'ref' && !value.path.includes('.') ? { local: value.path } : {};

function readImport(b: Builder, node: ImportDeclaration): Import {
  const names = node.specifiers.map((s) => {
    const imported =
      s.type === 'ImportSpecifier' ? nameOf(s.imported) : s.type === 'ImportDefaultSpecifier' ? 'default' : '*';
    const typeOnly = s.type === 'ImportSpecifier' && s.importKind === 'type';
    return typeOnly ? { imported, local: s.local.name, typeOnly } : { imported, local: s.local.name };
  });
  const typeOnly = node.importKind === 'type' || (names.length > 0 && names.every((n) => 'typeOnly' in n));
  return { from: node.source.value, kind: 'static', typeOnly, names, at: b.at(node) };
}

function readNamedExport(b: Builder, node: ExportNamedDeclaration, exports: Export[]): Stmt[] {
  const from = node.source?.value;
  const wholeType = node.exportKind === 'type';
  const at = b.at(node);
  if (from !== undefined) {
    const typeOnly = wholeType || (node.specifiers.length > 0 && node.specifiers.every((s) => s.exportKind === 'type'));
    b.imports.push({ from, kind: 'static', typeOnly, names: [], at });
  }
  for (const s of node.specifiers) {
    const typeOnly = wholeType || s.exportKind === 'type';
    const name = nameOf(s.exported);
    const local = nameOf(s.local);
    exports.push(
      from === undefined
        ? { name, local, typeOnly, at: b.at(s) }
        : { name, from, imported: local, typeOnly, at: b.at(s) },
    );
  }
  if (!node.declaration) return [];
  const types = b.types.length;
  const stmts = readDeclaration(b, node.declaration);
  for (const name of b.types.slice(types)) exports.push({ name, local: name, typeOnly: true, at });
  for (const name of stmts.flatMap((stmt) => declaredNames(b, stmt)))
    exports.push({ name, local: name, typeOnly: false, at });
  return stmts;
}

/** The names that a declaration binds in its scope. */
function declaredNames(b: Builder, stmt: Stmt): string[] {
  if (stmt.k === 'function') return [b.functions[stmt.fn]?.name ?? ''];
  if (stmt.k === 'class') return [b.classes[stmt.cls]?.name ?? ''];
  return stmt.k === 'let' ? namesIn(stmt.pattern) : [];
}

/** Every name a pattern binds. */
function namesIn(pattern: Pattern): string[] {
  if (pattern.k === 'name') return pattern.name ? [pattern.name] : [];
  if (pattern.k === 'arr') return pattern.items.flatMap((item) => (item ? namesIn(item) : []));
  return [...pattern.props.flatMap((prop) => namesIn(prop.pattern)), ...(pattern.rest ? [pattern.rest] : [])];
}

function readDefaultExport(b: Builder, node: ExportDefaultDeclaration, exports: Export[]): Stmt[] {
  const { declaration } = node;
  const at = b.at(node);
  if (declaration.type === 'TSInterfaceDeclaration') {
    exports.push({ name: 'default', typeOnly: true, at });
    return [];
  }
  if (
    declaration.type === 'FunctionDeclaration' ||
    declaration.type === 'FunctionExpression' ||
    declaration.type === 'TSDeclareFunction' ||
    declaration.type === 'TSEmptyBodyFunctionExpression'
  ) {
    const fn = readFunction(b, declaration, 'default');
    exports.push({
      name: 'default',
      ...(declaration.id ? { local: declaration.id.name } : {}),
      typeOnly: false,
      value: { k: 'fn', fn },
      at,
    });
    return [{ k: 'function', fn }];
  }
  if (declaration.type === 'ClassDeclaration' || declaration.type === 'ClassExpression') {
    const cls = readClass(b, declaration, 'default');
    exports.push({
      name: 'default',
      ...(declaration.id ? { local: declaration.id.name } : {}),
      typeOnly: false,
      value: { k: 'class', cls },
      at,
    });
    return [{ k: 'class', cls }];
  }
  const value = readExpr(b, declaration as Expression, 'default');
  exports.push({ name: 'default', ...bound(value), typeOnly: false, value, at });
  return [{ k: 'expr', of: value }];
}

/** `module.exports = …`, `exports.x = …`, `module.exports.x = …`, `module.exports = { a, b }`. */
function commonjs(of: Expr): Export[] {
  if (of.k !== 'assign' || of.op !== '=' || of.target.k !== 'ref') return [];
  const path = of.target.path.replace(/^module\.exports/, 'exports');
  if (path === 'exports') {
    const members = of.value.k === 'obj' ? of.value.props.filter((p) => /^[\w$]+$/.test(p.key)) : [];
    return [
      { name: 'default', ...bound(of.value), typeOnly: false, value: of.value, at: of.at },
      ...members.map((p) => ({ name: p.key, ...bound(p.value), typeOnly: false, value: p.value, at: p.at })),
    ];
  }
  const name = /^exports\.([\w$]+)$/.exec(path)?.[1];
  if (!name) return of.value.k === 'assign' ? commonjs(of.value) : [];
  return [{ name, ...bound(of.value), typeOnly: false, value: of.value, at: of.at }, ...commonjs(of.value)];
}
