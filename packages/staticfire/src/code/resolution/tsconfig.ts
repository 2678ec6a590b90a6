import { parse, type ParseError } from 'jsonc-parser';
import { dirOf, joinPath } from './paths.ts';

/** What a compiler configuration says about where things lie, its `extends` merged in. Paths are relative to the audited root. */
export interface CompilerConfig {
  readonly file: string;
  readonly baseUrl: string | undefined;
  /** Pattern to targets; a target still holds its star. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly outDir: string | undefined;
  readonly rootDir: string | undefined;
  /** Files of the projects that it refers to. */
  readonly references: readonly string[];
}

export interface ConfigReader {
  /** The configuration in a file; undefined when it cannot be read. */
  read(file: string): CompilerConfig | undefined;
  /** What was wrong, one sentence each. */
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Layer {
  readonly baseUrl?: string;
  /** As written; their base is known only after everything is merged. */
  readonly paths?: { readonly dir: string; readonly written: Fields };
  readonly outDir?: string;
  readonly rootDir?: string;
}

interface ReaderInput {
  readonly read: (path: string) => string | undefined;
  readonly has: (path: string) => boolean;
  /** The file that `extends` names in a package of the repository; undefined for packages from elsewhere. */
  readonly inPackage: (specifier: string) => string | undefined;
}

const DEEPEST = 12;

export function configReader(input: ReaderInput): ConfigReader {
  const notes = new Set<string>();
  const parsed = new Map<string, Fields | undefined>();
  const configs = new Map<string, CompilerConfig | undefined>();
  const fieldsOf = (file: string): Fields | undefined => {
    if (!parsed.has(file)) parsed.set(file, parseFields(input, file, notes));
    return parsed.get(file);
  };
  const layerOf = (file: string, leaf: string, depth: number): Layer => {
    const fields = fieldsOf(file);
    if (fields === undefined || depth > DEEPEST) return {};
    const bases = stringsOf(fields['extends']).map((specifier) => {
      const base = extended(input, file, specifier);
      if (base !== undefined) return layerOf(base, leaf, depth + 1);
      if (isPath(specifier)) notes.add(`${file} extends ${specifier}, which was not found`);
      return {};
    });
    return Object.assign({}, ...bases, ownLayer(file, leaf, fields)) satisfies Layer;
  };
  return {
    read: (file) => {
      if (!configs.has(file))
        configs.set(
          file,
          fieldsOf(file) === undefined
            ? undefined
            : configOf(input, file, layerOf(file, dirOf(file), 0), fieldsOf(file) ?? {}),
        );
      return configs.get(file);
    },
    get notes() {
      return [...notes].sort();
    },
  };
}

function parseFields(input: ReaderInput, file: string, notes: Set<string>): Fields | undefined {
  const text = input.read(file);
  if (text === undefined) {
    notes.add(`${file} could not be read`);
    return undefined;
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length > 0) notes.add(`${file} is not valid JSON with comments; what could be read of it is used`);
  return isFields(value) ? value : undefined;
}

const configOf = (input: ReaderInput, file: string, layer: Layer, fields: Fields): CompilerConfig => ({
  file,
  baseUrl: layer.baseUrl,
  paths: pathsOf(layer, dirOf(file)),
  outDir: layer.outDir,
  rootDir: layer.rootDir,
  references: referencesOf(input, file, fields),
});

function ownLayer(file: string, leaf: string, fields: Fields): Layer {
  const options = isFields(fields['compilerOptions']) ? fields['compilerOptions'] : {};
  const layer: { -readonly [K in keyof Layer]: Layer[K] } = {};
  for (const key of ['baseUrl', 'outDir', 'rootDir'] as const) {
    const value = options[key];
    if (typeof value === 'string') layer[key] = placed(value, dirOf(file), leaf);
  }
  if (isFields(options['paths'])) layer.paths = { dir: dirOf(file), written: options['paths'] };
  return layer;
}

const CONFIG_DIR = '${configDir}';

const placed = (value: string, dir: string, leaf: string): string =>
  value.startsWith(CONFIG_DIR) ? joinPath(leaf, `.${value.slice(CONFIG_DIR.length)}`) : joinPath(dir, value);

function pathsOf(layer: Layer, leaf: string): ReadonlyMap<string, readonly string[]> {
  const { paths } = layer;
  if (paths === undefined) return new Map();
  const base = layer.baseUrl ?? paths.dir;
  return new Map(
    Object.entries(paths.written).map(([pattern, targets]) => [
      pattern,
      stringsOf(targets).map((target) => placed(target, base, leaf)),
    ]),
  );
}

function extended(input: ReaderInput, file: string, specifier: string): string | undefined {
  if (!isPath(specifier)) return input.inPackage(specifier);
  const path = joinPath(dirOf(file), specifier);
  return [path, `${path}.json`, joinPath(path, 'tsconfig.json')].find(
    (candidate) => candidate.endsWith('.json') && input.has(candidate),
  );
}

function referencesOf(input: ReaderInput, file: string, fields: Fields): readonly string[] {
  const references = Array.isArray(fields['references']) ? fields['references'] : [];
  return references.flatMap((reference: unknown) => {
    const path = isFields(reference) ? reference['path'] : undefined;
    if (typeof path !== 'string') return [];
    const target = joinPath(dirOf(file), path);
    return [target, joinPath(target, 'tsconfig.json')]
      .filter((candidate) => candidate.endsWith('.json') && input.has(candidate))
      .slice(0, 1);
  });
}

const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
