import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { containers, type Containers } from '../facts/containers.ts';
import { images, type Images } from '../facts/images.ts';
import { live } from '../facts/live.ts';
import { proxyTrust, type ProxyTrust } from '../facts/proxy-trust.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { namedIn, readsOf, toldBy } from './proxy-trust/reads.ts';
import { settingsOf } from './proxy-trust/settings.ts';

export const proxyTrustCollector = defineCollector({
  fact: proxyTrust,
  needs: { calls, code, containers, images, live, service, sites },
  collect({ facts }) {
    const ground = { model: facts.code, calls: facts.calls, sites: facts.sites };
    const overwritten = overwriting(facts.service);
    const reads = readsOf(ground);
    return known({
      settings: settingsOf(ground),
      reads,
      named: namedIn(ground, facts.live.files, reads),
      told: toldBy(ground),
      proxied: proxiedBy(facts.service, facts.images, facts.containers),
      overwritten,
      unsettled: overwritten === undefined && unsettled(facts.service, facts.images),
    });
  },
});

/** Platforms whose edge replaces X-Forwarded-For by the address that it saw. */
function overwriting({ platforms }: Service): string | undefined {
  return platforms.length === 1 && platforms[0] === 'vercel' ? 'Vercel' : undefined;
}

/** Next.js without a platform file or an image runs on Vercel as a rule. */
const unsettled = (own: Service, shipped: Images): boolean =>
  own.frameworks.includes('next') && own.platforms.length === 0 && shipped.list.length === 0;

const behindRouter = /^(?:heroku|fly|render|railway|app-engine|digitalocean|apprunner|captain|kamal)$/;
const proxies = /(?:^|\/)(?:nginx|traefik|caddy|haproxy|envoy)(?:[:@/-]|$)/i;

function proxiedBy(own: Service, shipped: Images, found: Containers): ProxyTrust['proxied'] {
  const platform = shipped.platforms.find((one) => behindRouter.test(one.platform));
  if (platform) return { by: platform.platform, at: platform.at };
  const named = own.platforms.find((one) => behindRouter.test(one));
  if (named) return { by: named, at: undefined };
  const proxy = found.compose.find((one) => one.purpose === 'production' && proxies.test(one.image ?? ''));
  return proxy && shipped.list.some((image) => image.compose.some((one) => one.file === proxy.file))
    ? { by: `${proxy.name} in ${proxy.file}`, at: proxy.at }
    : undefined;
}
