import { describe, expect, it } from 'vitest';
import { createConcern } from '../src/code/polarity/concern.ts';
import { guardsIn } from '../src/code/polarity/guard.ts';
import { createNames } from '../src/code/polarity/names.ts';
import { linked as model } from './linked.ts';

/** The polarity of the guards in the function `handler` of main.ts: 'setting polarity', sorted. */
function polarity(files: Readonly<Record<string, string>> | string): string {
  const linked = model(typeof files === 'string' ? { 'main.ts': files } : files);
  const fn = linked.get('main.ts')?.summary.functions.findIndex((func) => func.name === 'handler') ?? -1;
  expect(fn).toBeGreaterThan(0);
  const names = createNames(linked);
  const near = new Set(linked.files);
  const guards = guardsIn(
    { model: linked, names, near, concern: createConcern(linked, names, near) },
    { file: 'main.ts', fn },
  );
  return guards
    .map((guard) => `${guard.settings.join('+')} ${guard.polarity}`)
    .toSorted()
    .join(', ');
}

const express = (body: string, before = ''): string => `${before}\nexport function handler(req, res, next) { ${body} }`;
const route = (body: string, before = ''): string =>
  `${before}\nexport async function handler(request: Request) { ${body}\n return Response.json(await work()); }`;
const deny = 'return res.status(401).json({ error: "no" });';
const deny401 = "return new Response('no', { status: 401 });";

describe('guards that open when their secret is missing', () => {
  it.each<[string, string | Record<string, string>, string]>([
    [
      'checked only when set',
      route(
        `const key = request.headers.get('x-key'); if (KEY && key !== KEY) ${deny401}`,
        'const KEY = process.env.JOB_KEY;',
      ),
      'JOB_KEY open',
    ],
    [
      'checked only when set, nested',
      express(
        `const key = req.headers['x-key']; if (process.env.JOB_KEY) { if (key !== process.env.JOB_KEY) { ${deny} } } next();`,
      ),
      'JOB_KEY open',
    ],
    [
      'two absent values are equal',
      express(`if (req.headers['x-key'] !== process.env.JOB_KEY) { ${deny} } next();`),
      'JOB_KEY open',
    ],
    [
      'two absent values are equal, positive form',
      express(`if (req.query.token === process.env.JOB_TOKEN) { return next(); } res.status(403).end();`),
      'JOB_TOKEN open',
    ],
    [
      'an absent part of a header',
      express(
        `const token = req.headers.authorization?.split(' ')[1]; if (token !== process.env.JOB_TOKEN) ${deny} next();`,
      ),
      'JOB_TOKEN open',
    ],
    [
      'the text of undefined',
      route("if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) " + deny401),
      'CRON_SECRET open',
    ],
    [
      'joined with the text of undefined',
      route("if (request.headers.get('authorization') !== 'Bearer ' + process.env.CRON_SECRET) " + deny401),
      'CRON_SECRET open',
    ],
    [
      'a set of the empty text',
      route(
        `const keys = (process.env.API_KEYS || '').split(','); if (!keys.includes(request.headers.get('x-key') ?? '')) ${deny401}`,
      ),
      'API_KEYS open',
    ],
    [
      'a set object of the empty text',
      route(
        `const keys = new Set((process.env.API_KEYS ?? '').split(',').map((k) => k.trim())); if (!keys.has(request.headers.get('x-key') ?? '')) ${deny401}`,
      ),
      'API_KEYS open',
    ],
    [
      'lets through without a secret',
      express(
        `if (!process.env.HOOK_SECRET) { console.warn('skipping'); return next(); } if (req.get('x-sign') !== process.env.HOOK_SECRET) { ${deny} } next();`,
      ),
      'HOOK_SECRET open',
    ],
    [
      'a check that is true without a secret',
      {
        'main.ts': route(`if (!allowed(request)) ${deny401}`, "import { allowed } from './check';"),
        'check.ts':
          "const secret = process.env.CRON_SECRET; export function allowed(req: Request): boolean { if (!secret) return true; return req.headers.get('x-secret') === secret; }",
      },
      'CRON_SECRET open',
    ],
    [
      'a check that returns an answer or null',
      {
        'main.ts': route(
          `const denied = guard(request); if (denied) return denied;`,
          "import { guard } from './check';",
        ),
        'check.ts':
          "export function guard(req: Request) { const secret = process.env.CRON_SECRET; if (!secret) return null; if (req.headers.get('x-secret') !== secret) return new Response('no', { status: 401 }); return null; }",
      },
      'CRON_SECRET open',
    ],
    [
      'a check that throws',
      express(
        `if (process.env.ADMIN_KEY && req.header('x-admin') !== process.env.ADMIN_KEY) throw new ForbiddenError('no'); return work();`,
      ),
      'ADMIN_KEY open',
    ],
    [
      'next with an error',
      express(
        `if (process.env.ADMIN_KEY && req.header('x-admin') !== process.env.ADMIN_KEY) return next(new HttpError(401)); next();`,
      ),
      'ADMIN_KEY open',
    ],
    [
      'verified only with a secret',
      route(
        `const body = await request.text(); const event = process.env.STRIPE_WEBHOOK_SECRET ? stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET) : JSON.parse(body);`,
      ),
      'STRIPE_WEBHOOK_SECRET open',
    ],
    [
      'verified with the empty secret',
      route(
        `let event; try { event = stripe.webhooks.constructEvent(await request.text(), request.headers.get('s'), process.env.STRIPE_WEBHOOK_SECRET || ''); } catch (e) { return new Response('bad', { status: 400 }); }`,
      ),
      'STRIPE_WEBHOOK_SECRET open',
    ],
    [
      'a digest with the empty key',
      express(
        `const sign = crypto.createHmac('sha256', process.env.HOOK_SECRET ?? '').update(req.rawBody).digest('hex'); if (sign !== req.headers['x-sign']) { ${deny} } next();`,
      ),
      'HOOK_SECRET open',
    ],
    [
      'a digest compared in constant time',
      express(
        `const sign = crypto.createHmac('sha256', SECRET).update(req.rawBody).digest('hex'); if (!crypto.timingSafeEqual(Buffer.from(sign), Buffer.from(req.get('x-sign') || ''))) { ${deny} } next();`,
        "const SECRET = process.env.HOOK_SECRET || 'dev-secret';",
      ),
      'HOOK_SECRET open',
    ],
    [
      'a verification inside a condition',
      route(
        `const raw = await request.text(); if (SECRET) { if (!verifySignature(raw, request.headers.get('x-sign'), SECRET)) { ${deny401} } }`,
        "const SECRET = process.env.HOOK_SECRET; function verifySignature(body: string, sign: string | null, secret: string) { if (!sign) return false; const mac = createHmac('sha256', secret).update(body).digest('hex'); try { return timingSafeEqual(Buffer.from(sign), Buffer.from(mac)); } catch { return false; } }",
      ),
      'HOOK_SECRET open',
    ],
    [
      'a token signed with a literal',
      {
        'main.ts':
          "import jwt from 'jsonwebtoken'; const secret = () => process.env.JWT_SECRET || 'changeme'; export const handler = (token: string) => { const user = jwt.verify(token, secret()); return { ...user, id: user.sub }; };",
      },
      'JWT_SECRET open',
    ],
    [
      'a token signed with a literal, with a callback',
      "import jwt from 'jsonwebtoken'; export function handler(req, res, next) { const token = req.headers.authorization?.split(' ')[1]; if (!token) return res.sendStatus(401); jwt.verify(token, process.env.JWT_SECRET || 'changeme', (err, user) => { if (err) return res.sendStatus(403); req.user = user; next(); }); }",
      'JWT_SECRET open',
    ],
    [
      'a config object',
      {
        'main.ts': express(
          `if (req.headers['x-key'] !== config.auth.apiKey) { ${deny} } next();`,
          "import { config } from './config';",
        ),
        'config.ts': 'export const config = { auth: { apiKey: process.env.API_KEY } };',
      },
      'API_KEY open',
    ],
    [
      'an optional setting of a schema',
      {
        'main.ts': express(
          `if (env.API_KEY && req.headers['x-key'] !== env.API_KEY) { ${deny} } next();`,
          "import { env } from './env';",
        ),
        'env.ts':
          'const schema = z.object({ API_KEY: z.string().optional() }); export const env = schema.parse(process.env);',
      },
      'API_KEY open',
    ],
    [
      'an injected config service',
      "export class Hooks { private readonly secret: string; constructor(private config: ConfigService) { this.secret = this.config.get<string>('HOOK_SECRET', ''); } handler(@Body() body: Buffer, @Headers('s') signature: string) { const event = this.stripe.webhooks.constructEvent(body, signature, this.secret); return this.work(event); } }",
      'HOOK_SECRET open',
    ],
    [
      'a login with absent values',
      express(
        `const { user, password } = req.body; if (user === process.env.ADMIN_USER && password === process.env.ADMIN_PASSWORD) return res.json({ token: sign(user) }); return res.status(401).json({ error: 'no' });`,
      ),
      'ADMIN_PASSWORD open',
    ],
    [
      'two secrets of which one is needed',
      express(
        `const expected = process.env.JOB_SECRET || process.env.CRON_SECRET; if (expected && req.headers['x-key'] !== expected) { ${deny} } next();`,
      ),
      'JOB_SECRET+CRON_SECRET open',
    ],
    [
      'a guard in a branch',
      express(
        `if (req.path.startsWith('/admin')) { if (process.env.ADMIN_KEY && req.get('x-key') !== process.env.ADMIN_KEY) { ${deny} } } next();`,
      ),
      'ADMIN_KEY open',
    ],
    [
      'an environment helper',
      {
        'main.ts': express(
          `if (env('API_KEY') && req.headers['x-key'] !== env('API_KEY')) { ${deny} } next();`,
          "import { env } from './env';",
        ),
        'env.ts': "export function env(name: string, fallback = '') { return process.env[name] ?? fallback; }",
      },
      'API_KEY open',
    ],
    [
      'a Nest guard',
      "export class KeyGuard implements CanActivate { constructor(private readonly configService: ConfigService) {} handler(context: ExecutionContext): boolean { const request = context.switchToHttp().getRequest(); const key = request.headers['x-api-key']; if (key !== this.configService.get('API_KEY')) throw new UnauthorizedException(); return true; } }",
      'API_KEY open',
    ],
    [
      'a Nest guard that answers',
      "export class KeyGuard implements CanActivate { handler(context: ExecutionContext): boolean { const request = context.switchToHttp().getRequest(); return request.headers['x-api-key'] === process.env.API_KEY; } }",
      'API_KEY open',
    ],
    [
      'a Fastify hook',
      "export async function handler(request, reply) { if (request.headers['x-api-key'] !== process.env.API_KEY) { reply.code(401).send({ error: 'no' }); return reply; } }",
      'API_KEY open',
    ],
    [
      'next or an answer',
      "const KEY = process.env.API_KEY!; export const handler = (req, res, next) => { if (req.header('x-api-key') === KEY) next(); else res.status(401).json({ error: 'no' }); };",
      'API_KEY open',
    ],
    [
      'a Koa middleware that throws',
      "export async function handler(ctx, next) { const key = ctx.request.headers['x-key']; if (process.env.API_KEY && key !== process.env.API_KEY) ctx.throw(401, 'no'); await next(); }",
      'API_KEY open',
    ],
    [
      'a Hono middleware',
      "export async function handler(c, next) { if (c.req.header('x-key') !== process.env.API_KEY) return c.json({ error: 'no' }, 401); await next(); }",
      'API_KEY open',
    ],
    [
      'a loop over keys',
      express(
        `const keys = process.env.API_KEYS?.split(',') ?? ['']; for (const key of keys) { if (key === (req.get('x-key') ?? '')) return next(); } res.sendStatus(401);`,
      ),
      'API_KEYS open',
    ],
    [
      'jose with a literal',
      "import { jwtVerify } from 'jose'; const secret = new TextEncoder().encode(process.env.AUTH_SECRET || 'dev'); export async function handler(request: Request) { const token = request.headers.get('authorization')?.slice(7) ?? ''; try { const { payload } = await jwtVerify(token, secret); return payload; } catch { return null; } }",
      'AUTH_SECRET open',
    ],
    [
      'a socket that is closed',
      express(
        `wss.on('connection', () => undefined); const token = new URL(req.url, 'http://x').searchParams.get('token') ?? undefined; if (token !== process.env.WS_TOKEN) { socket.destroy(); return; } next();`,
      ),
      'WS_TOKEN open',
    ],
  ])('%s', (_, files, expected) => {
    expect(polarity(files)).toBe(expected);
  });
});

describe('guards that stay closed', () => {
  it.each<[string, string | Record<string, string>, string]>([
    [
      'denies without a secret',
      express(`if (!KEY || req.headers['x-key'] !== KEY) { ${deny} } next();`, 'const KEY = process.env.JOB_KEY;'),
      'JOB_KEY closed',
    ],
    [
      'an absent header is null, not undefined',
      route(`if (request.headers.get('x-key') !== process.env.JOB_KEY) ${deny401}`),
      'JOB_KEY closed',
    ],
    [
      'an absent header was refused before',
      express(
        `const key = req.headers['x-key']; if (!key) { ${deny} } if (key !== process.env.JOB_KEY) { ${deny} } next();`,
      ),
      'JOB_KEY closed',
    ],
    [
      'an error without a secret',
      route(
        `const secret = process.env.CRON_SECRET; if (!secret) return new Response('not configured', { status: 500 }); if (request.headers.get('authorization') !== \`Bearer \${secret}\`) ${deny401}`,
      ),
      'CRON_SECRET closed',
    ],
    [
      'throws at boot',
      route(
        `if (request.headers.get('authorization') !== \`Bearer \${secret}\`) ${deny401}`,
        "function need(name: string) { const v = process.env[name]; if (!v) throw new Error(name); return v; } const secret = need('CRON_SECRET');",
      ),
      'CRON_SECRET closed',
    ],
    [
      'a check that is false without a secret',
      {
        'main.ts': route(`if (!allowed(request)) ${deny401}`, "import { allowed } from './check';"),
        'check.ts':
          "export function allowed(req: Request): boolean { const secret = process.env.CRON_SECRET?.trim(); if (!secret) { console.error('missing'); return false; } const given = req.headers.get('x-secret'); if (!given) return false; return equal(secret, given); } function equal(a: string, b: string) { const x = createHash('sha256').update(a).digest(); const y = createHash('sha256').update(b).digest(); return timingSafeEqual(x, y); }",
      },
      'CRON_SECRET closed',
    ],
    [
      'a required setting of a schema',
      {
        'main.ts': express(
          `if (req.headers['x-key'] !== env.API_KEY) { ${deny} } next();`,
          "import { env } from './env';",
        ),
        'env.ts':
          'const schema = z.object({ API_KEY: z.string().min(16) }); const parsed = schema.safeParse(process.env); if (!parsed.success) process.exit(1); export const env = parsed.data;',
      },
      'API_KEY closed',
    ],
    [
      'bytes of nothing cannot be made',
      express(
        `const a = Buffer.from(req.headers['x-key'] ?? ''); const b = Buffer.from(process.env.API_KEY); if (a.length !== b.length || !timingSafeEqual(a, b)) { ${deny} } next();`,
      ),
      'API_KEY closed',
    ],
    [
      'a library that refuses without a secret',
      route(
        `let event; try { event = stripe.webhooks.constructEvent(await request.text(), request.headers.get('s'), process.env.STRIPE_WEBHOOK_SECRET!); } catch (e) { return new Response('bad', { status: 400 }); }`,
      ),
      'STRIPE_WEBHOOK_SECRET closed',
    ],
    [
      'a token verified without a default',
      "import jwt from 'jsonwebtoken'; export function handler(req, res, next) { try { req.user = jwt.verify(req.cookies.token, process.env.JWT_SECRET); next(); } catch { res.status(401).json({}); } }",
      'JWT_SECRET closed',
    ],
    [
      'the empty default that the library refuses',
      "import jwt from 'jsonwebtoken'; export function handler(req, res, next) { try { req.user = jwt.verify(req.cookies.token, process.env.JWT_SECRET || ''); next(); } catch { res.status(401).json({}); } }",
      'JWT_SECRET closed',
    ],
    [
      'a bypass in development alone',
      express(
        `if (process.env.NODE_ENV === 'development' && !process.env.JOB_KEY) return next(); if (!process.env.JOB_KEY || req.headers['x-key'] !== process.env.JOB_KEY) { ${deny} } next();`,
      ),
      'JOB_KEY closed',
    ],
    [
      'a key beside a session',
      route(
        `if (process.env.CRON_SECRET && request.headers.get('authorization') === \`Bearer \${process.env.CRON_SECRET}\`) return Response.json(await work()); const session = await auth(); if (!session) ${deny401}`,
      ),
      'CRON_SECRET closed',
    ],
    [
      'a session where there is no key',
      route(
        `if (process.env.JOB_KEY) { if (request.headers.get('x-key') !== process.env.JOB_KEY) ${deny401} } else { const session = await auth(); if (!session) ${deny401} }`,
      ),
      'JOB_KEY closed',
    ],
    [
      'filtered sets',
      route(
        `const keys = (process.env.API_KEYS || '').split(',').filter(Boolean); if (!keys.includes(request.headers.get('x-key') ?? '')) ${deny401}`,
      ),
      'API_KEYS closed',
    ],
    [
      'a fallback to another secret',
      "import jwt from 'jsonwebtoken'; const secret = () => hash(process.env.APP_SECRET || process.env.DATABASE_PASSWORD); export function handler(token: string) { try { return jwt.verify(token, secret()); } catch { return null; } }",
      'APP_SECRET closed',
    ],
  ])('%s', (_, files, expected) => {
    expect(polarity(files)).toBe(expected);
  });
});

describe('no guards', () => {
  it.each<[string, string]>([
    [
      'an optional integration',
      express(
        `if (!process.env.MAIL_API_KEY) { console.log('mail is off'); return next(); } mail(req.body, process.env.MAIL_API_KEY); next();`,
      ),
    ],
    [
      'a feature that starts when it is configured',
      express(`if (process.env.TRACKER_KEY) init(process.env.TRACKER_KEY); if (!req.body.name) ${deny} next();`),
    ],
    [
      'a client of another service',
      route(
        `const r = await fetch('https://api.test', { headers: { Authorization: \`Bearer \${process.env.API_KEY}\` }, body: await request.text() }); if (!r.ok) return new Response('bad', { status: 502 });`,
      ),
    ],
    [
      'allowed origins',
      express(
        `const origins = (process.env.CORS_ORIGIN || '').split(','); if (!origins.includes(req.headers.origin)) { ${deny} } next();`,
      ),
    ],
    [
      'a configured answer',
      route(`const key = process.env.MAPS_API_KEY; if (!key) return Response.json({ enabled: false });`),
    ],
  ])('%s', (_, text) => {
    expect(polarity(text)).toBe('');
  });
});
