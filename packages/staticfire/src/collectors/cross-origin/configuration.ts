import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { FileSites } from '../../code/sites.ts';
import type { CrossOriginPolicy } from '../../facts/cross-origin.ts';
import type { Service } from '../../facts/services.ts';
import type { Workspace } from '../../model/workspace.ts';
import { configurationFiles, configuredHeaders, coversAll } from '../response-headers/configuration.ts';
import { platformHeaders } from '../response-headers/platforms.ts';
import { originsOf, type Let, type Reading } from './origins.ts';

interface Facts extends Reading {
  readonly service: Service;
  readonly sites: (file: string) => FileSites;
}

const header = /^access-control-allow-origin$/i;
const companion = /^access-control-allow-credentials$/i;

/** Every path, or every path of the interface. */
const isBroad = (source: string | undefined): boolean =>
  source !== undefined &&
  (coversAll(source) || /^\/api\/(?:\(\.\*\)|:\w+\*|:\w+\(\.\*\)|\*\*?|\(\.\*\?\))$/.test(source));

/** Headers that the configuration of the framework or of the platform adds. */
export function byConfiguration(workspace: Workspace, facts: Facts): readonly CrossOriginPolicy[] {
  return [...ofFramework(facts), ...routeRules(facts), ...ofPlatform(workspace, facts)];
}

function ofFramework(facts: Facts): readonly CrossOriginPolicy[] {
  return configuredHeaders(facts).flatMap(({ name, value, spot, line, by, source, beside, why }) => {
    if (!header.test(name) || !value || (why !== undefined && !why.startsWith('it covers'))) return [];
    const { allows, detail } = originsOf(facts, spot, value);
    const credentials = beside.some((one) => companion.test(one));
    return [{ by, at: { file: spot.file, line }, allows, credentials, everywhere: isBroad(source), detail }];
  });
}

/** `routeRules: { '/api/**': { cors: true } }` of Nitro. */
function routeRules(facts: Facts): readonly CrossOriginPolicy[] {
  const rules = configurationFiles(facts).flatMap((file) =>
    facts.sites(file).settings.filter(({ key, value }) => key === 'routeRules' && value.k === 'obj'),
  );
  return rules.flatMap(({ file, value }) =>
    value.k !== 'obj'
      ? []
      : value.props.flatMap((rule): readonly CrossOriginPolicy[] => {
          const cors = propOf(rule.value, 'cors');
          const on = cors?.k === 'bool' && cors.v;
          const at = { file, line: lineOf(rule.at) };
          return on
            ? [
                {
                  by: 'routeRules of the configuration',
                  at,
                  allows: 'any',
                  credentials: false,
                  everywhere: isBroad(rule.key),
                  detail: '',
                },
              ]
            : [];
        }),
  );
}

function ofPlatform(workspace: Workspace, { service }: Facts): readonly CrossOriginPolicy[] {
  return platformHeaders(workspace, service).flatMap(({ name, value, at, by, source, rule }) => {
    if (!header.test(name)) return [];
    const found: Let = { allows: value.trim() === '*' ? 'any' : 'list', detail: '' };
    const credentials = /access-control-allow-credentials/i.test(rule);
    return [{ by, at, ...found, credentials, everywhere: isBroad(source) }];
  });
}
