import { express, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { webhookSignature } from './webhook-signature.ts';

const hook = (body: string, before = ''): Readonly<Record<string, string>> =>
  next({
    'src/lib/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    'src/app/api/webhooks/payments/route.ts': `import { db } from '@/lib/db';\n${before}export async function POST(request: Request) {\n${body}}\n`,
  });

const act =
  '  await db.order.update({ where: { id: event.id }, data: { paid: true } });\n  return Response.json({ ok: true });\n';

const hmac = "import { createHmac, timingSafeEqual } from 'node:crypto';\n";
const verify = (test: string): string =>
  `  const raw = await request.text();\n  const secret = process.env.HOOK_SECRET;\n  const given = request.headers.get('x-signature') ?? '';\n${test}  const event = JSON.parse(raw);\n${act}`;

export default defineCases(webhookSignature, [
  {
    name: 'nobody is asked who sent it',
    show: 'bad',
    files: hook(`  const event = await request.json();\n${act}`),
    expect: { verdict: 'fail', findings: ['src/app/api/webhooks/payments/route.ts:2 unsigned'] },
  },
  {
    name: 'the library of the sender verifies it',
    show: 'good',
    files: hook(
      `  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET);\n${act}`,
      "import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.STRIPE_KEY);\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the signature is computed and compared',
    near: true,
    files: hook(
      verify(
        "  if (!secret) return Response.json({}, { status: 500 });\n  const wanted = createHmac('sha256', secret).update(raw).digest('hex');\n  if (!timingSafeEqual(Buffer.from(wanted), Buffer.from(given))) return Response.json({}, { status: 401 });\n",
      ),
      hmac,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'checked only when a secret is set',
    files: hook(
      verify(
        "  if (secret) {\n    const wanted = createHmac('sha256', secret).update(raw).digest('hex');\n    if (wanted !== given) return Response.json({}, { status: 401 });\n  }\n",
      ),
      hmac,
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/webhooks/payments/route.ts:3 optional'] },
  },
  {
    name: 'a mismatch is logged and nothing more',
    files: hook(
      verify(
        "  if (!secret) throw new Error('no secret');\n  const wanted = createHmac('sha256', secret).update(raw).digest('hex');\n  if (wanted !== given) console.warn('bad signature');\n",
      ),
      hmac,
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/webhooks/payments/route.ts:3 unsigned'] },
  },
  {
    name: 'webhooks that users manage are no webhooks',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.get('/webhooks', (req, res) => res.json([]));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
]);
