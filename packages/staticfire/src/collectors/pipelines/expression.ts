/** The events that the controls ask about. */
export type Event = 'push' | 'pull_request' | 'schedule';

/** `undefined` is "depends on what reading cannot know". */
type Truth = boolean | undefined;
type Value = string | number | boolean | null | undefined;

/** Does a GitHub Actions condition let a job or step run on this event? Undecided counts as yes. */
export function mayRun(condition: string | undefined, event: Event): boolean {
  if (condition === undefined) return true;
  const source = condition.trim().replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  if (source.includes('${{')) return true;
  return truth(new Expression(tokens(source), event).parse()) !== false;
}

/** Does it run although something before it failed? */
export const runsAlways = (condition: string | undefined): boolean =>
  /\balways\s*\(\)|!\s*cancelled\s*\(\)/.test(condition ?? '');

const tokens = (source: string): readonly string[] =>
  source.match(/'(?:[^']|'')*'|&&|\|\||==|!=|<=|>=|[()![\],<>]|[\w.*-]+/g) ?? [];

const truth = (value: Value): Truth => (value === undefined ? undefined : Boolean(value));
const and = (l: Truth, r: Truth): Truth =>
  l === false || r === false ? false : l === undefined || r === undefined ? undefined : true;
const or = (l: Truth, r: Truth): Truth =>
  l === true || r === true ? true : l === undefined || r === undefined ? undefined : false;

class Expression {
  readonly #tokens: readonly string[];
  readonly #event: Event;
  #at = 0;
  constructor(list: readonly string[], event: Event) {
    this.#tokens = list;
    this.#event = event;
  }

  parse(): Value {
    let left = this.#and();
    while (this.#take('||')) left = or(truth(left), truth(this.#and()));
    return left;
  }

  #and(): Value {
    let left = this.#compare();
    while (this.#take('&&')) left = and(truth(left), truth(this.#compare()));
    return left;
  }

  #compare(): Value {
    const left = this.#unary();
    if (this.#take('==')) return equal(left, this.#unary());
    if (this.#take('!=')) return not(equal(left, this.#unary()));
    for (const op of ['<', '>', '<=', '>=']) if (this.#take(op)) return (this.#unary(), undefined);
    return left;
  }

  #unary(): Value {
    if (this.#take('!')) return not(truth(this.#unary()));
    if (this.#take('(')) {
      const inner = this.parse();
      this.#take(')');
      return inner;
    }
    const name = this.#tokens[this.#at++] ?? '';
    return this.#take('(') ? this.#call(name) : this.#indexed(literal(name, this.#event));
  }

  #call(name: string): Value {
    const args: Value[] = [];
    while (this.#at < this.#tokens.length && !this.#take(')')) {
      args.push(this.parse());
      this.#take(',');
    }
    return this.#indexed(called(name, args));
  }

  #indexed(value: Value): Value {
    if (!this.#take('[')) return value;
    this.parse();
    this.#take(']');
    return undefined;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}

const not = (value: Truth): Truth => (value === undefined ? undefined : !value);

function equal(left: Value, right: Value): Truth {
  if (left === undefined || right === undefined) return undefined;
  return String(left).toLowerCase() === String(right).toLowerCase();
}

function literal(token: string, event: Event): Value {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (/^\d+(\.\d+)?$/.test(token)) return Number(token);
  if (token === 'github.event_name') return event;
  if (token === 'github.ref' && event === 'pull_request') return 'refs/pull/1/merge';
  if (token === 'github.ref_type' && event === 'pull_request') return 'branch';
  if (/^github\.event\.pull_request(\.|$)/.test(token) && event !== 'pull_request')
    return token.endsWith('.draft') ? false : null;
  return undefined;
}

function called(name: string, args: readonly Value[]): Value {
  if (name === 'always' || name === 'success') return true;
  if (name === 'failure' || name === 'cancelled') return false;
  const [whole, part] = args;
  if (typeof whole !== 'string' || typeof part !== 'string') return undefined;
  if (name === 'startsWith') return whole.startsWith(part);
  if (name === 'endsWith') return whole.endsWith(part);
  return name === 'contains' ? whole.includes(part) : undefined;
}
