import type { CodeModel } from '../code/model.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints, type Endpoints } from '../facts/endpoints.ts';
import { errorAnswers, type ErrorAnswers } from '../facts/error-answers.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { endsOf } from './error-answers/ends.ts';
import { handlersOf, ownAnswers, unforwarded } from './error-answers/handlers.ts';
import { leaksOf } from './error-answers/leaks.ts';

export const errorAnswersCollector = defineCollector({
  fact: errorAnswers,
  needs: { calls, code, endpoints, live, project, service, sites },
  collect({ facts }) {
    const reading = { ...facts, sites: facts.sites.of };
    const framework = frameworkOf(facts.service, facts.endpoints);
    const ends = endsOf(reading, facts.service, framework);
    const { list } = facts.endpoints;
    return known({
      framework,
      ends: ends.ends,
      leaks: leaksOf(reading, ends.functions),
      handlers: handlersOf(list).length,
      own: ownAnswers(reading, list),
      unforwarded: unforwarded(reading, facts.project, facts.service, list),
      dead: deadHandlers(facts.code, facts.live, facts.service),
    });
  },
});

/** The framework that answers most of the calls. */
function frameworkOf(own: Service, { list }: Endpoints): string {
  const counts = new Map<string, number>(own.frameworks.map((name) => [name, 0]));
  for (const { framework, surface } of list)
    if (surface === 'http') counts.set(framework, (counts.get(framework) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

const named =
  /^(?:handle(?:Api|Route|Request)?Errors?|(?:api|route|global)?ErrorHandler|errorMiddleware|withErrorHandl(?:er|ing)|handleException)$/i;

/** Functions that are named for answering errors, which nothing live uses. */
function deadHandlers(model: CodeModel, liveCode: LiveCode, own: Service): ErrorAnswers['dead'] {
  const inside = (file: string): boolean => own.root === '.' || file.startsWith(`${own.root}/`);
  return model.files
    .filter(
      (file) =>
        inside(file) && /err|api|util|middleware|handler|http|respon/i.test(file) && !/\.(?:test|spec)\./.test(file),
    )
    .flatMap((file) =>
      (model.get(file)?.summary.functions ?? []).flatMap((func, fn) =>
        named.test(func.name) && !(liveCode.has(file) && liveCode.hasFunction(file, fn))
          ? [{ symbol: func.name, at: { file, line: lineOf(func.at) } }]
          : [],
      ),
    )
    .slice(0, 3);
}
