import { posix } from 'node:path';
import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { eventsIn, type HttpEvent } from './aws-lambda/events.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { stepsOf } from './reading/builders.ts';
import { exportedExpr, exportsOf } from './reading/exports.ts';
import { linkOf } from './reading/functions.ts';
import { exportedHandler, handed, type Handed } from './reading/verb-exports.ts';

const id = 'aws-lambda';
const templates = ['serverless.yml', 'serverless.yaml', 'template.yml', 'template.yaml', 'sam.yml', 'sam.yaml'];

/** The http events of functions in serverless.yml and SAM templates. */
export const awsLambda = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = templates.flatMap((name) => {
      const file = posix.join(site.service.root, name);
      const text = site.workspace.read(file);
      return text === undefined ? [] : eventsIn(text).flatMap((event) => toEndpoints(site, file, event));
    });
    return { list, lost: [] };
  },
});

function toEndpoints(site: EndpointSite, template: string, event: HttpEvent): readonly Endpoint[] {
  const name = posix.extname(event.handler);
  const bare = posix.join(site.service.root, event.handler.slice(0, event.handler.length - name.length));
  const file = site.service.entries.find((one) => one.file.replace(/\.[cm]?[jt]sx?$/, '') === bare)?.file;
  const place = file === undefined ? undefined : exportsOf(site.code, file).get(name.slice(1));
  const own: Handed = file === undefined ? { handler: undefined, chain: [] } : lambda(site, file, name.slice(1));
  // An application of another framework behind an adapter has endpoints of its own.
  if (!own.handler && site.service.frameworks.length > 1) return [];
  const guard = event.authorizer
    ? [{ file: template, fn: 0, expr: { k: 'str', v: event.authorizer, at: 0 }, role: 'settings' } as const]
    : [];
  return [
    {
      surface: 'http',
      method: event.method,
      path: event.path,
      at: place ? { file: place.file, line: lineOf(place.at) } : { file: template },
      framework: id,
      ...own,
      chain: [...guard, ...own.chain],
    },
  ];
}

/** `middy(handler).use(validator(…)).use(…)`, or the function itself. */
function lambda(site: EndpointSite, file: string, name: string): Handed {
  const value = exportedExpr(site.code, file, name);
  const steps = value ? stepsOf(site.code, value, value.expr) : [];
  const [first] = steps;
  if (!value || first?.name !== 'middy') return exportedHandler(site.code, file, name);
  const given = first.call.args[0] ?? steps.find((step) => step.name === 'handler')?.call.args[0];
  const own: Handed = given ? handed(site.code, first, given) : { handler: undefined, chain: [] };
  const links = steps
    .filter((step) => step.name === 'use')
    .flatMap((step) =>
      step.call.args.flatMap((arg) => (arg.k === 'arr' ? arg.items : [arg])).map((arg) => linkOf(site.code, step, arg)),
    );
  return { ...own, serves: value, chain: [...links, ...own.chain] };
}
