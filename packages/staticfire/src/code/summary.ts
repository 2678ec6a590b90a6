/**
 * What one source file says, without its syntax tree: a pure function of the file's text and path.
 * Plain data, so that it can be cached by content and sent between threads.
 */
export interface FileSummary {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** `functions[0]` is the module body itself. Others refer to their enclosing function by index. */
  readonly functions: readonly Func[];
  readonly classes: readonly Class[];
  /** 'use client' | 'use server' | 'use strict' at the head of the module. */
  readonly directives: readonly string[];
  /** Syntax errors, as the parser words them. A file with errors is summarised as far as it was parsed. */
  readonly errors: readonly string[];
  /** The last line with code. */
  readonly lines: number;
  /** The file contains JSX. */
  readonly jsx: boolean;
  /** The first lines carry a mark of a generator ("@generated", "DO NOT EDIT"). */
  readonly generated: boolean;
  /** The file works out paths at run time: a computed import or require, a glob, its own folder. What it loads then stands in its expressions. */
  readonly computesPaths: boolean;
  /** The text names the environment: `process.env` and its likes. Coarse: the expressions decide. */
  readonly namesEnvironment: boolean;
  /** TypeScript interfaces and type aliases declared here, by name. */
  readonly types: readonly string[];
  /** Only in files with calls that declare tests. */
  readonly tests?: TestCounts;
}

/** The tests that a file declares. */
export interface TestCounts {
  readonly tests: number;
  readonly assertions: number;
  readonly idle: readonly IdleTest[];
  /** Paths that its requests and page visits name. */
  readonly requests: readonly string[];
}

/** A test that does not run, keeps others from running, or tests nothing. */
export interface IdleTest {
  readonly kind: 'skipped' | 'focused' | 'todo' | 'empty';
  readonly title: string;
  /** How many tests it stands for: a skipped suite stands for all inside it. */
  readonly tests: number;
  readonly line: number;
}

/** The small part of a summary that linking needs for every file; the rest is decoded when someone asks. */
export type FileHead = Omit<FileSummary, 'functions' | 'classes'>;

/** A position: line in the high bits, column in the low ten. Use `lineOf` and `columnOf`. */
export type Position = number;
export const position = (line: number, column: number): Position => line * 1024 + Math.min(column, 1023);
/** From 1. */
export const lineOf = (at: Position): number => Math.floor(at / 1024);
/** From 1. Columns above 1023 read as 1023. */
export const columnOf = (at: Position): number => at % 1024;

export interface Import {
  readonly from: string;
  readonly kind: 'static' | 'dynamic' | 'require';
  /** Only types are imported: erased at run time. */
  readonly typeOnly: boolean;
  /** `imported` is 'default', '*' for a namespace, or the exported name. Empty for `import 'x'` and for dynamic imports. */
  readonly names: readonly { readonly imported: string; readonly local: string; readonly typeOnly?: boolean }[];
  readonly at: Position;
}

export interface Export {
  /** 'default', a name, or '*' for `export * from`. */
  readonly name: string;
  /** Local binding, when there is one. */
  readonly local?: string;
  /** Re-exported from this specifier; `imported` is the name there ('*' for a namespace). */
  readonly from?: string;
  readonly imported?: string;
  readonly typeOnly: boolean;
  /** For `export default <expression>` and CommonJS `module.exports = <expression>` / `exports.x = <expression>`. */
  readonly value?: Expr;
  readonly at: Position;
}

export interface Func {
  /** Declared name, or the name of the variable, property or method it is bound to; '' when anonymous. */
  readonly name: string;
  /** Index of the enclosing function; -1 for the module body. */
  readonly parent: number;
  /** Index into `classes` for methods, accessors, constructors and property initialisers. */
  readonly owner?: number;
  readonly async: boolean;
  readonly generator?: boolean;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[];
  /** 'use server' inside a function. */
  readonly directives?: readonly string[];
  readonly at: Position;
  readonly end: number;
}

export interface Param {
  readonly pattern: Pattern;
  readonly default?: Expr;
  /** The annotation's text, at most 120 characters. */
  readonly type?: string;
  readonly decorators?: readonly Expr[];
  /** `private readonly x` in a constructor. */
  readonly property?: boolean;
  readonly rest?: boolean;
}

export type Pattern =
  | { readonly k: 'name'; readonly name: string }
  | {
      readonly k: 'obj';
      readonly props: readonly { readonly key: string; readonly pattern: Pattern; readonly default?: Expr }[];
      readonly rest?: string;
    }
  | { readonly k: 'arr'; readonly items: readonly (Pattern | null)[] };

export interface Class {
  readonly name: string;
  readonly extends?: Expr;
  readonly implements: readonly string[];
  readonly decorators: readonly Expr[];
  readonly members: readonly Member[];
  /** Index of the function in whose body it stands. */
  readonly parent: number;
  readonly at: Position;
  readonly end: number;
}

export interface Member {
  readonly name: string;
  readonly kind: 'method' | 'get' | 'set' | 'constructor' | 'property';
  readonly static: boolean;
  readonly decorators: readonly Expr[];
  /** Index into `functions`, for everything with a body. */
  readonly fn?: number;
  /** A property's initial value. */
  readonly value?: Expr;
  /** A property's annotation, at most 120 characters. */
  readonly type?: string;
  readonly optional?: boolean;
  readonly at: Position;
}

/**
 * Expressions, reduced: types, parentheses, `as`, `satisfies` and `!` are gone; static member chains are one dotted path.
 * Strings are cut at 2,000 characters.
 */
export type Expr =
  | { readonly k: 'str'; readonly v: string; readonly at: Position }
  | { readonly k: 'num'; readonly v: number }
  | { readonly k: 'bool'; readonly v: boolean }
  | { readonly k: 'null' }
  | { readonly k: 'undefined' }
  | { readonly k: 'regex'; readonly v: string }
  /** A template with holes: `parts` are the texts, `of` the holes; `tag` for tagged templates. */
  | {
      readonly k: 'template';
      readonly parts: readonly string[];
      readonly of: readonly Expr[];
      readonly tag?: Expr;
      readonly at: Position;
    }
  /** Identifier or static member chain that begins with one: `process.env.PORT`, `this.pool.query`, `import.meta.env.X`. `["x"]` counts as `.x`. */
  | { readonly k: 'ref'; readonly path: string; readonly at: Position }
  /** A static member of something that is not a chain: `f().x`. */
  | { readonly k: 'member'; readonly of: Expr; readonly name: string; readonly at: Position }
  /** `a[b]` with a computed key. */
  | { readonly k: 'index'; readonly of: Expr; readonly by: Expr; readonly at: Position }
  | {
      readonly k: 'call';
      readonly callee: Expr;
      readonly args: readonly Expr[];
      readonly new?: true;
      readonly optional?: true;
      readonly at: Position;
    }
  | { readonly k: 'await'; readonly of: Expr }
  | { readonly k: 'obj'; readonly props: readonly Prop[]; readonly at: Position }
  | { readonly k: 'arr'; readonly items: readonly Expr[]; readonly at: Position }
  | { readonly k: 'spread'; readonly of: Expr }
  /** A function value: index into `functions`. */
  | { readonly k: 'fn'; readonly fn: number }
  /** A class value: index into `classes`. */
  | { readonly k: 'class'; readonly cls: number }
  /** Binary and logical operators, also `in` and `instanceof`. */
  | { readonly k: 'bin'; readonly op: string; readonly l: Expr; readonly r: Expr; readonly at: Position }
  /** `!`, `-`, `typeof`, `void`, `delete`, `++`, `--`, `yield`. */
  | { readonly k: 'unary'; readonly op: string; readonly of: Expr }
  | { readonly k: 'cond'; readonly test: Expr; readonly then: Expr; readonly else: Expr; readonly at: Position }
  /** `op` is '=' or a compound such as '||='. */
  | {
      readonly k: 'assign';
      readonly op: string;
      readonly target: Expr | { readonly k: 'pattern'; readonly pattern: Pattern };
      readonly value: Expr;
      readonly at: Position;
    }
  | { readonly k: 'seq'; readonly of: readonly Expr[] }
  | {
      readonly k: 'jsx';
      readonly tag: string;
      readonly props: readonly Prop[];
      readonly children: readonly Expr[];
      readonly at: Position;
    }
  /** Dynamic import; also recorded in `imports` when the specifier is a literal. */
  | { readonly k: 'import'; readonly of: Expr; readonly at: Position }
  | { readonly k: 'other' };

export interface Prop {
  /** '...' for a spread, '[]' for a computed key. */
  readonly key: string;
  readonly value: Expr;
  readonly at: Position;
}

export type Stmt =
  | { readonly k: 'expr'; readonly of: Expr }
  | {
      readonly k: 'let';
      readonly pattern: Pattern;
      readonly init?: Expr;
      readonly kind: 'const' | 'let' | 'var';
      readonly type?: string;
      readonly at: Position;
    }
  | { readonly k: 'return'; readonly of?: Expr; readonly at: Position }
  | { readonly k: 'throw'; readonly of: Expr; readonly at: Position }
  | {
      readonly k: 'if';
      readonly test: Expr;
      readonly then: readonly Stmt[];
      readonly else?: readonly Stmt[];
      readonly at: Position;
    }
  /** for, while and do: the head's expressions, and what is bound for each round of `for … of/in`. */
  | {
      readonly k: 'loop';
      readonly head: readonly Expr[];
      readonly binding?: Pattern;
      readonly body: readonly Stmt[];
      readonly at: Position;
    }
  | {
      readonly k: 'try';
      readonly block: readonly Stmt[];
      readonly param?: Pattern;
      readonly handler?: readonly Stmt[];
      readonly finally?: readonly Stmt[];
      readonly at: Position;
    }
  | {
      readonly k: 'switch';
      readonly on: Expr;
      readonly cases: readonly { readonly test?: Expr; readonly body: readonly Stmt[] }[];
      readonly at: Position;
    }
  /** A declared function or class; its name is bound in this scope. */
  | { readonly k: 'function'; readonly fn: number }
  | { readonly k: 'class'; readonly cls: number }
  /** break and continue. */
  | { readonly k: 'jump' };
