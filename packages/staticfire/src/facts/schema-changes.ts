/** What a statement does to the schema or to the rows of it. Names stand without their schema; those without quotes are in lower case. */
export type Change = Where &
  (
    | { readonly k: 'table'; readonly columns: readonly Column[]; readonly keys: readonly Key[] }
    | { readonly k: 'table-dropped' }
    | { readonly k: 'table-renamed'; readonly to: string }
    | { readonly k: 'column'; readonly column: Column }
    | { readonly k: 'column-dropped'; readonly name: string }
    | { readonly k: 'column-renamed'; readonly name: string; readonly to: string }
    | { readonly k: 'type'; readonly name: string; readonly type: string; readonly converts: boolean }
    | { readonly k: 'required'; readonly name: string }
    | { readonly k: 'key'; readonly key: Key; readonly unchecked: boolean; readonly prepared: boolean }
    | {
        readonly k: 'index';
        readonly columns: readonly string[];
        readonly unique: boolean;
        readonly concurrent: boolean;
        readonly name: string;
      }
    | { readonly k: 'index-dropped'; readonly name: string; readonly concurrent: boolean }
    | { readonly k: 'enum-replaced'; readonly name: string }
    | { readonly k: 'rows'; readonly verb: 'delete' | 'update' | 'truncate'; readonly filtered: boolean }
  );

export interface Where {
  /** The table; '' where the statement names none. */
  readonly table: string;
  readonly line: number;
  readonly comments: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** It has a default, or the database makes its values. */
  readonly filled: boolean;
  /** The default differs from row to row, so that every row is written. */
  readonly volatile: boolean;
  readonly unique: boolean;
  readonly primary: boolean;
  /** The table that it refers to. */
  readonly refers: string | undefined;
  readonly line: number;
}

export interface Key {
  readonly kind: 'foreign' | 'unique' | 'primary' | 'check' | 'index';
  readonly columns: readonly string[];
  readonly refers: string | undefined;
  readonly line: number;
  /** The text of a check. */
  readonly text: string;
}
