import { source, type Source } from './source.ts';

const auth = /^(?:next-auth|@auth\/.+)$/;
const clerk = /^@clerk\/.+$/;
const supabase = /^@supabase\/.+$/;
const kinde = /^@kinde-oss\/.+$/;
const workos = /^@workos-inc\/.+$/;

/** Libraries that keep sessions, by what they give to somebody who has none. */
export const sessions: readonly Source[] = [
  source(auth, /^(?:getServerSession|unstable_getServerSession|getSession|getToken|decode)$/, 'nothing', 'session', 'session of next-auth'),
  source(auth, /^(?:default|NextAuth|Auth)\.auth$/, 'nothing', 'session', 'session of next-auth'),
  source(auth, /^withAuth$|^default$/, 'denies', 'session', 'session of next-auth'),
  source(/^better-auth(?:\/.+)?$/, /^betterAuth(?:\..+)?\.api\.(?:getSession|verifyApiKey|validateApiKey)$/, 'nothing', 'session', 'session of better-auth'),
  source(/^better-auth(?:\/.+)?$/, /^(?:getSession|getSessionFromCtx|getSessionCookie)$/, 'nothing', 'session', 'session of better-auth'),
  source(clerk, /^(?:auth|currentUser|getAuth|clerkMiddleware\.auth)$/, 'nothing', 'session', 'session of Clerk'),
  source(clerk, /^(?:auth\.protect|requireAuth|ClerkExpressRequireAuth|verifyToken)$/, 'throws', 'session', 'session of Clerk'),
  source(clerk, /^.+\.(?:verifyToken|authenticateRequest|sessions\.verifySession)$/, 'nothing', 'session', 'session of Clerk'),
  source(supabase, /^.+\.auth\.(?:getUser|getSession|getClaims)$/, 'nothing', 'session', 'session of Supabase'),
  source(/^lucia(?:\/.+)?$/, /^(?:Lucia|lucia)\.(?:validateSession|validateSessionCookie|handleRequest\.validate)$/, 'nothing', 'session', 'session of Lucia'),
  source(/^iron-session(?:\/.+)?$/, /^(?:getIronSession|getServerActionIronSession|unsealData)$/, 'nothing', 'session', 'session of iron-session'),
  source(/^iron-session(?:\/.+)?$/, /^withIronSession\w*$/, 'runs', 'session', 'session of iron-session'),
  source(/^(?:@auth0\/.+|auth0)$/, /^(?:getSession|getAccessToken|(?:Auth0Client|initAuth0)\.(?:getSession|getAccessToken))$/, 'nothing', 'session', 'session of Auth0'),
  source(/^@auth0\/.+$/, /^(?:.+\.)?withApiAuthRequired$|^(?:.+\.)?withPageAuthRequired$/, 'denies', 'session', 'session of Auth0'),
  source(/^express-openid-connect$/, /^requiresAuth$/, 'denies', 'session', 'session of express-openid-connect'),
  source(workos, /^(?:withAuth|getUser|getSession|authkit)$/, 'nothing', 'session', 'session of WorkOS'),
  source(workos, /^.+\.(?:loadSealedSession\.authenticate|userManagement\.authenticateWithSessionCookie)$/, 'nothing', 'session', 'session of WorkOS'),
  source(kinde, /^getKindeServerSession\.(?:getUser|isAuthenticated|getPermission|getOrganization)$/, 'nothing', 'session', 'session of Kinde'),
  source(/^@stackframe\/.+$/, /^.+\.getUser$/, 'nothing', 'session', 'session of Stack'),
  source(/^@descope\/.+$/, /^(?:session|getSession)$/, 'nothing', 'session', 'session of Descope'),
  source(/^@logto\/.+$/, /^(?:getLogtoContext|.+\.getLogtoContext)$/, 'nothing', 'session', 'session of Logto'),
  source(/^supertokens-node(?:\/.+)?$/, /^(?:.+\.)?getSession(?:WithoutRequestResponse)?$/, 'throws', 'session', 'session of SuperTokens'),
  source(/^supertokens-node(?:\/.+)?$/, /^verifySession$/, 'denies', 'session', 'session of SuperTokens'),
  source(/^(?:h3|nitropack)(?:\/.+)?$/, /^(?:useSession|getSession)$/, 'nothing', 'session', 'session of h3'),
  source(/^nuxt-auth-utils(?:\/.+)?$|^#auth-utils$/, /^getUserSession$/, 'nothing', 'session', 'session of nuxt-auth-utils'),
  source(/^nuxt-auth-utils(?:\/.+)?$|^#auth-utils$/, /^requireUserSession$/, 'throws', 'session', 'session of nuxt-auth-utils'),
  source(/^@hono\/(?:auth-js|clerk-auth|oidc-auth|session)$/, /^(?:verifyAuth|oidcAuthMiddleware)$/, 'denies', 'session', 'session read by a middleware of Hono'),
  source(/^@hono\/(?:auth-js|clerk-auth|oidc-auth)$/, /^getAuth$|^getAuthUser$/, 'nothing', 'session', 'session read by a middleware of Hono'),
  source(/^remix-auth$/, /^(?:Authenticator)\.isAuthenticated$/, 'nothing', 'session', 'session of remix-auth'),
  source(/^(?:@remix-run\/.+|react-router|@react-router\/.+)$/, /^(?:createCookieSessionStorage|createSessionStorage|createMemorySessionStorage|createFileSessionStorage|createDatabaseSessionStorage)(?:\..+)?\.getSession$/, 'nothing', 'session', 'session cookie of React Router'),
  source(/^@tanstack\/.+$/, /^useSession$|^getSession$/, 'nothing', 'session', 'session of TanStack Start'),
  source(/^@convex-dev\/auth(?:\/.+)?$/, /^(?:getAuthUserId|getAuthSessionId)$/, 'nothing', 'session', 'session of Convex'),
];
