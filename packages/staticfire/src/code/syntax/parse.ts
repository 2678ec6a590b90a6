import { parseSync, type Program } from 'oxc-parser';

/** What a parser makes of a text. Offsets in UTF-16 code units. */
export interface Syntax {
  readonly program: Program;
  readonly errors: readonly { readonly severity: string; readonly message: string }[];
}

export type Language = 'ts' | 'tsx' | 'dts';

/** Text → syntax tree. Every parser gives the same tree; a test holds them to it. */
export type Parse = (path: string, text: string, lang: Language) => Syntax;

/** The parser's public way: the tree travels as JSON. Works everywhere. */
export const parseByJson: Parse = (path, text, lang) => parseSync(path, text, { lang, sourceType: 'unambiguous' });
