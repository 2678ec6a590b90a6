import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { service } from '../facts/services.ts';
import { sessionCookies, type SessionCookie } from '../facts/session-cookies.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { bySetters } from './session-cookies/setters.ts';
import { byStores } from './session-cookies/stores.ts';
import { byStrings } from './session-cookies/strings.ts';

export const sessionCookiesCollector = defineCollector({
  fact: sessionCookies,
  needs: { calls, code, service, sites },
  collect({ facts }) {
    const reading = { ...facts, sites: facts.sites.of };
    const [stores, setters, strings] = [byStores(reading), bySetters(reading), byStrings(reading)];
    const list = [...stores.list, ...setters.sessions, ...strings.sessions];
    return known({
      list: list.toSorted(byPlace),
      provided: stores.provided,
      others: setters.others + strings.others,
      searched: `session libraries, calls that set cookies and Set-Cookie headers in ${facts.calls.files} live files`,
    });
  },
});

const byPlace = ({ at: a }: SessionCookie, { at: b }: SessionCookie): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0);
