import type { Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';

/** The last name of an expression's callee or chain. */
export const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Types whose values cannot carry SQL: numbers, dates, and lists of words that the type names. */
export function isClosedType(type: string | undefined): boolean {
  if (!type) return false;
  const bare = type.replaceAll(/\s*\|\s*(?:undefined|null)\b/g, '').trim();
  if (/^(?:number|bigint|boolean|Date|symbol|true|false)(?:\[\])?$/.test(bare)) return true;
  if (/^(?:readonly\s+)?(?:\(?\s*\|?\s*(?:'[^']*'|"[^"]*"|\d+)\s*\)?\s*\|?)+(?:\[\])?$/.test(bare)) return true;
  if (/^keyof\b|^typeof\b/.test(bare)) return true;
  // A named type that is put into a text is an enum, a union of words or a branded id.
  return (
    /^(?:Prisma|Knex|Kysely|Sql)\.?\w*$/.test(bare) ||
    /(?:Column|Field|Order|Sort|Direction|Table|Enum|Type|Unit|Key|Operator|Status|Kind|Interval|Id)$/.test(bare)
  );
}

/** Functions that give numbers, dates, ids or quoted texts, whatever they are given. */
export const harmless =
  /^(?:Number|parseInt|parseFloat|BigInt|Boolean|Date|now|getTime|valueOf|toISOString|toFixed|isNaN|floor|ceil|round|min|max|abs|trunc|random|indexOf|length|size|uuid|v4|v7|nanoid|randomUUID|cuid|createId|ulid|randomBytes|createHash|digest|escape|escapeId|escapeIdentifier|escapeLiteral|quoteIdent|quoteLiteral|quoteIdentifier|ident|literal|wrapIdentifier|encodeURIComponent|stringifyNumber|getTableName|getTablePath|tableName|getSchema|startOf|endOf|clamp|count|typeof|placeholders?|param|bind|join_?Prisma)$/;

/** Methods that give a part or another form of the text they are called on. */
export const reshaping =
  /^(?:toString|toLowerCase|toUpperCase|trim|trimStart|trimEnd|trimEnd|slice|substring|substr|replace|replaceAll|padStart|padEnd|repeat|normalize|split|concat|at|pop|shift|filter|sort|toSorted|reverse|flat|join|values|entries|find|reduce|charAt|String|decodeURIComponent|unique|uniq|compact|flatten|from|of|freeze|assign|fromEntries|keys|stripIndent|dedent|then|catch|finally|parse)$/;

const request = /^_?(?:req|request|httpRequest|nextRequest)$/;
/** Names that other things have as well. */
const context = /^_?(?:c|ctx|context|event|evt)$/;
const contextual =
  /^(?:(?:req|request)\.(?:query|queries|params?|body|headers?|json|url)|queryStringParameters|pathParameters|multiValue\w*|req\.)\b/;
const requestType =
  /\b(?:Request|NextApiRequest|FastifyRequest|Context|H3Event|APIGatewayProxyEvent\w*|IncomingMessage|RequestEvent|LoaderFunctionArgs|ActionFunctionArgs|APIContext)\b/;
const carried =
  /^(?:(?:req|request)\.)?(?:query|params?|body|headers?|cookies?|rawBody|search|searchParams|nextUrl|url|queryStringParameters|pathParameters|multiValue\w*|hostname|ip|originalUrl|path|json|formData|text|valid|parseBody)\b/;

/** Is the parameter a request of some framework, and the member something that the caller of the service chooses? */
export const isRequestMember = (name: string, type: string | undefined, member: string): boolean =>
  ((request.test(name) || (type !== undefined && requestType.test(type))) && carried.test(member)) ||
  (context.test(name) && contextual.test(member));

/** Decorators by which NestJS and others hand parts of a request to a parameter. */
export const requestDecorator =
  /^(?:Body|Query|Param|Headers|Req|Request|Cookies|QueryParam|BodyParam|QueryParams|UploadedFile|Args)$/;

const plainCheck =
  /^(?:includes|has|test|match|indexOf|some|every|find|hasOwn|hasOwnProperty|isUUID|isUuid|validate\w*|is[A-Z]\w*|assert\w*|check\w*|allowed\w*|ensure\w*|verify\w*|sanitize\w*)$/;

/** Does a test ask whether the name is one of those that are allowed? */
export function allows(test: Expr, name: string): boolean {
  let found = false;
  let words = 0;
  const names = (expr: Expr | undefined): boolean =>
    expr?.k === 'ref'
      ? expr.path === name || expr.path.startsWith(`${name}.`)
      : expr?.k === 'call'
        ? expr.args.some(names)
        : false;
  walkExpr(test, (expr) => {
    if (expr.k === 'call') {
      const callee =
        expr.callee.k === 'ref' ? lastOf(expr.callee.path) : expr.callee.k === 'member' ? expr.callee.name : '';
      if (plainCheck.test(callee) && expr.args.some(names)) found = true;
    }
    if (expr.k === 'bin' && expr.op === 'in' && names(expr.l)) found = true;
    if (expr.k === 'bin' && /^[!=]==?$/.test(expr.op) && isWord(expr.l, expr.r, names)) words += 1;
    if (expr.k === 'index' && names(expr.by)) found = true;
  });
  // One word alone is a special case, two are a list.
  return found || words > 1;
}

const isWord = (l: Expr, r: Expr, names: (expr: Expr) => boolean): boolean =>
  (l.k === 'str' && l.v !== '' && names(r)) || (r.k === 'str' && r.v !== '' && names(l));

/** The expression as someone would write it, short. */
export function written(expr: Expr): string {
  switch (expr.k) {
    case 'ref':
      return expr.path;
    case 'member':
      return `${written(expr.of)}.${expr.name}`;
    case 'index':
      return `${written(expr.of)}[…]`;
    case 'call':
      return `${written(expr.callee)}()`;
    case 'await':
      return written(expr.of);
    case 'bin':
      return expr.op === '||' || expr.op === '??' ? written(expr.l) : 'an expression';
    case 'cond':
      return written(isFixed(expr.then) ? expr.else : expr.then);
    default:
      return 'an expression';
  }
}

const isFixed = (expr: Expr): boolean =>
  expr.k === 'str' || expr.k === 'num' || expr.k === 'null' || expr.k === 'undefined';
