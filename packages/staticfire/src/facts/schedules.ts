import type { Spot } from '../code/production.ts';
import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';
import type { Endpoint } from './endpoints.ts';

/** A secret that a scheduler sends along. */
export interface Sent {
  readonly in: 'header' | 'query';
  /** In lower case for headers. */
  readonly name: string;
  /** 'Bearer', 'Basic'; '' for none. */
  readonly scheme: string;
  /** The variable or secret whose value is sent; '' when that could not be told. */
  readonly secret: string;
}

/** What a schedule is to start. */
export type ScheduleTarget =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly path: string;
      readonly endpoint: Endpoint | undefined;
    }
  /** A program of the repository; `file` is missing where it could not be told which. */
  | { readonly kind: 'program'; readonly command: string; readonly file: string | undefined }
  /** A function in the process of the service. */
  | { readonly kind: 'function'; readonly spot: Spot | undefined; readonly name: string };

export interface Schedule {
  /** Who starts it: 'Vercel', 'GitHub Actions', 'node-cron'. */
  readonly by: string;
  /** `platform`: something outside the process calls or starts it. `process`: a timer of the service itself. */
  readonly from: 'platform' | 'process';
  /** As written: '0 3 * * *'; '' where it could not be read. */
  readonly times: string;
  readonly at: Place;
  /** The stable part of its name: the path, the job, the function. */
  readonly name: string;
  readonly target: ScheduleTarget;
  /** Secrets that it sends. Undefined where what it sends could not be read. */
  readonly sends: readonly Sent[] | undefined;
  /** It signs what it sends: the library whose check fits. */
  readonly signs: string | undefined;
  /** Why nothing is started: the target is missing or the schedule itself never runs. One clause; undefined where it runs. */
  readonly broken:
    | { readonly kind: 'missing' | 'method' | 'dead'; readonly why: string; readonly trail: readonly Step[] }
    | undefined;
  /** Whether the target exists could not be told, and why. */
  readonly unclear: string | undefined;
  /** Functions with which the work begins. */
  readonly starts: readonly Spot[];
}

export interface Schedules {
  /** Sorted by place. */
  readonly list: readonly Schedule[];
  /** Timers of the process (`setInterval`) that come around in a minute or more, or in a time that could not be read. */
  readonly timers: readonly Spot[];
  /** What was looked through. */
  readonly searched: string;
}

export const schedules = defineFact<Schedules, 'service'>({
  id: 'schedules',
  title: 'what runs on a schedule',
  scope: 'service',
});

/** What a scheduled endpoint asks of its caller. */
export interface ScheduleDemand {
  readonly schedule: Schedule;
  /** Secrets of which it compares one with what the caller sends. */
  readonly secrets: readonly string[];
  /** Settings without which everyone gets through. */
  readonly open: readonly string[];
  /** Headers and query parameters that it reads; headers in lower case. */
  readonly reads: readonly { readonly in: 'header' | 'query'; readonly name: string }[];
  /** A library that checks a signature or a session: 'signature by @upstash/qstash', 'session by next-auth'. */
  readonly library: { readonly kind: 'signature' | 'session'; readonly package: string } | undefined;
  /** Where the check stands, or the handler without any. */
  readonly at: Place;
  /** Code that may check the caller and could not be followed. */
  readonly unclear: string | undefined;
}

export const scheduleDemands = defineFact<readonly ScheduleDemand[], 'service'>({
  id: 'schedule-demands',
  title: 'what scheduled endpoints ask of their caller',
  scope: 'service',
});
