import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** The attributes that keep a cookie from scripts, from plain HTTP and from the requests of other sites. */
export const cookieAttributes = ['Secure', 'HttpOnly', 'SameSite'] as const;
export type CookieAttribute = (typeof cookieAttributes)[number];

/** `off`: left out or switched off. `asked`: only when a variable asks for it. `unknown`: its value could not be followed. */
export type AttributeState = 'on' | 'off' | 'asked' | 'unknown';

/** A cookie that stands for a signed-in visitor, or lets one in. */
export interface SessionCookie {
  /** As far as it could be read: 'refreshToken', 'connect.sid'. */
  readonly name: string;
  /** 'express-session', 'res.cookie()'. */
  readonly by: string;
  readonly at: Place;
  readonly attributes: Readonly<Record<CookieAttribute, AttributeState>>;
  /** Where an attribute is switched off, when that is not `at`. */
  readonly decided: Partial<Readonly<Record<CookieAttribute, Place>>>;
}

export interface SessionCookies {
  /** In live code, sorted by place. */
  readonly list: readonly SessionCookie[];
  /** Libraries that set their session cookie with all attributes unless told otherwise. */
  readonly provided: readonly { readonly by: string; readonly at: Place }[];
  /** Cookies of other kinds that live code sets. */
  readonly others: number;
  readonly searched: string;
}

export const sessionCookies = defineFact<SessionCookies, 'service'>({
  id: 'session-cookies',
  title: 'the session cookies of the service',
  scope: 'service',
});
