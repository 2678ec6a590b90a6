/** Middleware and plugins that count requests and refuse those that come too often. */
interface LimiterPackage {
  readonly packages: RegExp;
  /** Options under which a shared store is handed over. */
  readonly stores: RegExp;
  /** Options that choose what happens without the store, when they are true. */
  readonly passes: RegExp;
  /** Nothing but memory unless a store is given. */
  readonly inMemory: boolean;
}

export const limiterPackages: readonly LimiterPackage[] = [
  {
    packages: /^(?:express-rate-limit|express-slow-down|hono-rate-limiter|elysia-rate-limit)$/,
    stores: /^(?:store|redis)$/,
    passes: /^passOnStoreError$/,
    inMemory: true,
  },
  {
    packages: /^(?:@fastify\/rate-limit|fastify-rate-limit)$/,
    stores: /^(?:redis|store)$/,
    passes: /^skipOnError$/,
    inMemory: true,
  },
  {
    packages: /^(?:koa-ratelimit|koa2-ratelimit|koa-better-ratelimit|ratelimiter)$/,
    stores: /^(?:db|store)$/,
    passes: /^(?!)/,
    inMemory: true,
  },
  {
    packages:
      /^(?:express-brute|express-limiter|express-bouncer|@hono-rate-limiter\/.*|h3-rate-limit|nuxt-security|@nuxtjs\/rate-limit|nextjs-rate-limiter|next-rate-limit|lambda-rate-limiter|sveltekit-rate-limiter)$/,
    stores: /^(?:store|redis)$/,
    passes: /^(?!)/,
    inMemory: true,
  },
];

/** Objects that are asked in the code before something is done. */
interface AskedLimiter {
  readonly packages: RegExp;
  readonly asks: RegExp;
  /** Refuses by throwing, so that nothing has to look at its answer. */
  readonly throws: boolean;
}

export const askedLimiters: readonly AskedLimiter[] = [
  { packages: /^@upstash\/ratelimit$/, asks: /^(?:limit|blockUntilReady)$/, throws: false },
  { packages: /^rate-limiter-flexible$/, asks: /^(?:consume|get|penalty)$/, throws: true },
  {
    packages:
      /^(?:limiter|@arcjet\/.*|@unkey\/ratelimit|@vercel\/firewall|next-rate-limit|lambda-rate-limiter|sveltekit-rate-limiter|@sweetuse\/.*|ratelimit-header-parser|@isaacs\/ttlcache-rate-limit|async-ratelimiter|ratelimiter|node-rate-limiter-flexible)$/,
    asks: /^(?:protect|limit|check|checkRateLimit|tryRemoveTokens|removeTokens|isLimited|get)$/,
    throws: false,
  },
];

/** The name of code that counts requests. */
export const limiterName =
  /rate_?limit|ratelimit|limit_?rate|throttl(?!ed?Fn)|too_?many|brute_?force|flood|(?:login|otp|auth|sign_?in|request|reset|code)s?_?(?:attempt|limit)|(?:request|login|ip)_?limiter|limiter$|slow_?down/i;
