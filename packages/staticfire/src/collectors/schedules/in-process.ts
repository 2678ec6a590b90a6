import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import { functionOf } from '../../endpoints/reading/functions.ts';
import { unwrap } from '../../endpoints/reading/unwrap.ts';
import type { Place } from '../../model/place.ts';

/** A schedule that source code sets up, live or not. */
export interface CodeSchedule {
  readonly by: string;
  readonly times: string;
  readonly at: Place;
  readonly name: string;
  /** The function whose body sets it up; for a decorator the method itself. */
  readonly set: Spot;
  readonly runs: Spot | undefined;
  /** The class of a decorated method. */
  readonly cls?: string;
  /** The platform runs it: no process of ours has to. */
  readonly platform?: true;
}

/** Packages by which a process starts work by the clock. */
export const schedulers =
  /^(?:node-cron|cron|croner|node-schedule|toad-scheduler|agenda|@hokify\/agenda|bree|bullmq|bull|pg-boss|@nestjs\/schedule|@nestjs\/bullmq|@nestjs\/bull|inngest|@trigger\.dev\/sdk(?:\/v\d)?|@netlify\/functions|firebase-functions(?:\/.*)?|@upstash\/qstash|@elysiajs\/cron|fastify-cron)$/;

interface Library {
  readonly package: RegExp;
  readonly name: RegExp;
  read(model: CodeModel, call: CallSite): Omit<CodeSchedule, 'by' | 'at' | 'set'> | undefined;
}

const textOf = (model: CodeModel, call: CallSite, expr: Expr | undefined): string => {
  const value = expr && model.literal(call.file, call.fn, expr);
  return value === undefined || value === null ? '' : String(value);
};

/** The function that an argument is, names or wraps. */
const workOf = (model: CodeModel, call: CallSite, expr: Expr): Spot | undefined =>
  functionOf(model, call, expr) ?? (expr.k === 'call' ? unwrap(model, call, expr).handler : undefined);

/** `purge`, also in `watched('purge', purge)`. */
function namedIn(expr: Expr): string {
  if (expr.k === 'ref') return expr.path;
  return expr.k === 'call' ? (expr.args.map(namedIn).findLast((name) => name !== '') ?? '') : '';
}

/** `schedule('0 3 * * *', work)`: the last function among the arguments is the work. */
function plainly(model: CodeModel, call: CallSite): ReturnType<Library['read']> {
  const { args } = call.expr;
  const first = args.find((arg) => arg.k !== 'obj' && workOf(model, call, arg));
  const times = args.map((arg) => textOf(model, call, arg)).find((text) => /[*@\d]/.test(text)) ?? '';
  return {
    times,
    name: (first && namedIn(first)) || call.bound || times || call.name,
    runs: first && workOf(model, call, first),
  };
}

/** `{ cronTime, onTick }`, `{ cron, run }`, `{ pattern, run }` */
function byOptions(model: CodeModel, call: CallSite): ReturnType<Library['read']> {
  const options = call.expr.args.find((arg) => arg.k === 'obj');
  const first = (...keys: readonly string[]): Expr | undefined =>
    keys.map((key) => propOf(options, key)).find((value) => value !== undefined);
  const cron = first('cronTime', 'cron', 'pattern', 'schedule');
  const work = first('onTick', 'run', 'handler');
  const times = textOf(model, call, cron) || textOf(model, call, propOf(cron, 'pattern'));
  const name = textOf(model, call, first('id', 'name')) || call.bound || times;
  return cron ? { times, name, runs: work && functionOf(model, call, work) } : undefined;
}

const libraries: readonly Library[] = [
  { package: /^node-cron$/, name: /^(?:schedule|createTask)$/, read: plainly },
  { package: /^node-schedule$/, name: /^scheduleJob$/, read: plainly },
  { package: /^croner$/, name: /^(?:Cron|default)$/, read: plainly },
  {
    package: /^cron$/,
    name: /^(?:CronJob|from)$/,
    read: (model, call) => byOptions(model, call) ?? plainly(model, call),
  },
  {
    package: /^(?:agenda|@hokify\/agenda)$/,
    name: /^(?:every|schedule)$/,
    read: (model, call) => {
      const [times, name] = call.expr.args;
      return { times: textOf(model, call, times), name: textOf(model, call, name) || call.name, runs: undefined };
    },
  },
  {
    package: /^pg-boss$/,
    name: /^schedule$/,
    read: (model, call) => {
      const [name, times] = call.expr.args;
      return { times: textOf(model, call, times), name: textOf(model, call, name) || call.name, runs: undefined };
    },
  },
  {
    package: /^(?:bullmq|bull)$/,
    name: /^(?:add|upsertJobScheduler)$/,
    read: (model, call) => {
      const repeat = propOf(call.expr.args.at(-1), 'repeat') ?? (call.name === 'add' ? undefined : call.expr.args[1]);
      const times = ['pattern', 'cron', 'every'].map((key) => textOf(model, call, propOf(repeat, key))).find(Boolean);
      return (
        repeat && { times: times ?? '', name: textOf(model, call, call.expr.args[0]) || call.name, runs: undefined }
      );
    },
  },
  { package: /^@elysiajs\/cron$/, name: /^cron$/, read: byOptions },
  { package: /^@trigger\.dev\/sdk$/, name: /^task$/, read: (model, call) => platform(byOptions(model, call)) },
  {
    package: /^firebase-functions$/,
    name: /^(?:onSchedule|onRun)$/,
    read: (model, call) => platform(plainly(model, call)),
  },
  { package: /^@netlify\/functions$/, name: /^schedule$/, read: (model, call) => platform(plainly(model, call)) },
  {
    package: /^inngest$/,
    name: /^createFunction$/,
    read: (model, call) => {
      const { args } = call.expr;
      const times = args.map((arg) => textOf(model, call, propOf(arg, 'cron'))).find(Boolean);
      const name = textOf(model, call, propOf(args[0], 'id')) || textOf(model, call, propOf(args[0], 'name'));
      const work = args.at(-1);
      return times === undefined
        ? undefined
        : platform({ times, name: name || call.bound, runs: work && functionOf(model, call, work) });
    },
  },
];

const platform = <T extends object>(found: T | undefined): (T & { readonly platform: true }) | undefined =>
  found && { ...found, platform: true };

const names: ReadonlySet<string> = new Set([
  'schedule',
  'createTask',
  'scheduleJob',
  'Cron',
  'CronJob',
  'from',
  'every',
  'add',
  'upsertJobScheduler',
  'cron',
  'task',
  'onSchedule',
  'onRun',
  'createFunction',
]);

/** What one file sets up with a library, and with decorators of Nest. */
export function codeSchedules(model: CodeModel, file: string, sites: FileSites): readonly CodeSchedule[] {
  return [
    ...decorated(model, file),
    ...sites.calls.flatMap((call) => (names.has(call.name) ? ofCall(model, call) : [])),
  ];
}

function ofCall(model: CodeModel, call: CallSite): readonly CodeSchedule[] {
  const origin = model.origin(call.file, call.fn, call.expr.callee);
  if (origin.kind !== 'package') return [];
  const called = origin.member === '' ? origin.name : origin.member.slice(origin.member.lastIndexOf('.') + 1);
  const library = libraries.find((one) => one.package.test(origin.package) && one.name.test(called));
  const found = library?.read(model, call);
  return found
    ? [
        {
          ...found,
          by: origin.package,
          at: { file: call.file, line: lineOf(call.expr.at) },
          set: { file: call.file, fn: call.fn },
        },
      ]
    : [];
}

/** `@Cron('0 3 * * *')` and `@Interval(60_000)` on methods. */
function decorated(model: CodeModel, file: string): readonly CodeSchedule[] {
  return (model.get(file)?.summary.classes ?? []).flatMap((cls) =>
    cls.members.flatMap((member) =>
      member.decorators.flatMap((decorator): readonly CodeSchedule[] => {
        if (decorator.k !== 'call' || member.fn === undefined) return [];
        const origin = model.origin(file, cls.parent, decorator.callee);
        if (
          origin.kind !== 'package' ||
          origin.package !== '@nestjs/schedule' ||
          !/^(?:Cron|Interval)$/.test(origin.name)
        )
          return [];
        const spot = { file, fn: member.fn };
        const [when] = decorator.args;
        const value =
          when && (when.k === 'ref' ? when.path.slice(when.path.lastIndexOf('.') + 1) : model.literal(file, 0, when));
        return [
          {
            by: '@nestjs/schedule',
            times: String(value ?? ''),
            at: { file, line: lineOf(decorator.at) },
            name: `${cls.name}.${member.name}`,
            set: spot,
            runs: spot,
            cls: cls.name,
          },
        ];
      }),
    ),
  );
}

/** Functions that work off a queue, in which repeated jobs end. */
export function processorsIn(model: CodeModel, file: string, sites: FileSites): readonly Spot[] {
  const called = sites.calls.flatMap((call): readonly Spot[] => {
    if (!/^(?:Worker|process|work|define)$/.test(call.name)) return [];
    const origin = model.origin(file, call.fn, call.expr.callee);
    if (origin.kind !== 'package' || !/^(?:bullmq|bull|pg-boss|agenda|@hokify\/agenda)$/.test(origin.package))
      return [];
    return call.expr.args.flatMap((arg) => functionOf(model, call, arg) ?? []);
  });
  const classes = (model.get(file)?.summary.classes ?? []).flatMap((cls) =>
    cls.decorators.some((one) => one.k === 'call' && one.callee.k === 'ref' && one.callee.path === 'Processor')
      ? cls.members.flatMap((member) =>
          member.fn !== undefined && (member.name === 'process' || member.decorators.length > 0)
            ? [{ file, fn: member.fn }]
            : [],
        )
      : [],
  );
  return [...called, ...classes];
}

/** `client.schedules.create({ destination, cron })` of QStash: a signed request. */
export interface SignedSchedule {
  readonly destination: Expr;
  readonly method: string;
  readonly times: string;
  readonly call: CallSite;
}

export function signedSchedules(model: CodeModel, sites: FileSites): readonly SignedSchedule[] {
  return sites.calls.flatMap((call): readonly SignedSchedule[] => {
    if (call.name !== 'create' && call.name !== 'publishJSON' && call.name !== 'publish') return [];
    const [options] = call.expr.args;
    const destination = propOf(options, 'destination') ?? propOf(options, 'url');
    const cron = propOf(options, 'cron');
    if (!destination || !cron) return [];
    const origin = model.origin(call.file, call.fn, call.expr.callee);
    if (origin.kind !== 'package' || origin.package !== '@upstash/qstash') return [];
    const method = textOf(model, call, propOf(options, 'method')) || 'POST';
    return [{ destination, method, times: textOf(model, call, cron), call }];
  });
}
