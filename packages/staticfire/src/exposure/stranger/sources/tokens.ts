import { source, type Source } from './source.ts';

const firebase = /^(?:firebase-admin(?:\/.+)?)$/;

/** Libraries that verify tokens, keys and passwords. */
export const tokens: readonly Source[] = [
  source(/^(?:jsonwebtoken|jose|fast-jwt|jws|paseto|jwt-simple|@tsndr\/cloudflare-worker-jwt|@nestjs\/jwt|njwt|hono\/jwt|aws-jwt-verify|jwt-decode-verify)(?:\/.+)?$/, /^(?:.+\.)?(?:verify|verifyAsync|jwtVerify|jwtDecrypt|compactVerify|decrypt|V[1-4]\.verify|createVerifier)$/, 'throws', 'token', 'token, verified'),
  source(/^jwt-simple$/, /^(?:default\.)?decode$/, 'throws', 'token', 'token, verified by jwt-simple'),
  source(/^hono$/, /^verify$/, 'throws', 'token', 'token, verified by Hono'),
  source(/^(?:next-auth)(?:\/jwt)?$/, /^decode$/, 'nothing', 'token', 'token of next-auth'),
  source(/^(?:express-jwt|koa-jwt|express-oauth2-jwt-bearer|@hono\/jwt|express-oauth-server|@okta\/jwt-verifier)$/, /^(?:default|expressjwt|jwt|auth|koaJwt|expressJwt)$/, 'denies', 'token', 'bearer token, checked by a middleware'),
  source(/^hono$/, /^(?:jwt|jwk|bearerAuth|basicAuth)$/, 'denies', 'token', 'token, checked by a middleware of Hono'),
  source(/^(?:express-basic-auth|koa-basic-auth|@fastify\/basic-auth|basic-auth-connect|@fastify\/bearer-auth|hono-basic-auth)$/, /^default$/, 'denies', 'password', 'basic authentication'),
  source(/^basic-auth$/, /^(?:default|parse)$/, 'nothing', 'password', 'basic authentication'),
  source(/^(?:@okta\/jwt-verifier|aws-jwt-verify|google-auth-library|apple-signin-auth|@azure\/.+|verify-apple-id-token)$/, /^(?:.+\.)?(?:verifyAccessToken|verifyIdToken|verify)$/, 'throws', 'token', 'token of an identity provider'),
  source(firebase, /^(?:.+\.)?(?:verifyIdToken|verifySessionCookie)$/, 'throws', 'token', 'token of Firebase'),
  source(/^@privy-io\/.+$/, /^(?:.+\.)?verifyAuthToken$/, 'throws', 'token', 'token of Privy'),
  source(/^(?:@unkey\/.+)$/, /^(?:.+\.)?(?:verifyKey|keys\.verifyKey|keys\.verify)$/, 'nothing', 'key', 'API key, verified by Unkey'),
  source(/^@unkey\/.+$/, /^withUnkey$/, 'denies', 'key', 'API key, verified by Unkey'),
  source(/^(?:bcrypt|bcryptjs|@node-rs\/bcrypt|argon2|@node-rs\/argon2|hash-wasm|scrypt-kdf|oslo(?:\/.+)?|@phc\/.+|better-auth\/crypto|unixcrypt)$/, /^(?:.+\.)?(?:compare|compareSync|verify|verifySync|argon2Verify|bcryptVerify|verifyPassword)$/, 'false', 'password', 'password, compared with its hash'),
  source(/^passport(?:-.+)?$/, /^(?:.+\.)?authenticate$/, 'denies', 'token', 'passport'),
  source(/^@nestjs\/passport$/, /^AuthGuard(?:\..+)?$/, 'denies', 'token', 'passport guard'),
  source(/^(?:nest-keycloak-connect)$/, /^(?:AuthGuard|ResourceGuard|RoleGuard)$/, 'denies', 'token', 'guard of Keycloak'),
  source(/^@thallesp\/nestjs-better-auth$/, /^AuthGuard$/, 'denies', 'session', 'guard of better-auth'),
  source(/^keycloak-connect$/, /^(?:.+\.)?protect$/, 'denies', 'token', 'token of Keycloak'),
  source(/^(?:otplib|speakeasy|@otplib\/.+|otpauth|node-2fa)$/, /^(?:.+\.)?(?:verify|check|verifyToken|validate|totp\.verify|verifyDelta)$/, 'false', 'code', 'one-time code'),
  source(/^@simplewebauthn\/server$/, /^verify\w+Response$/, 'throws', 'code', 'passkey'),
  source(/^(?:siwe|viem|ethers|@noble\/.+|tweetnacl|nostr-tools(?:\/.+)?)$/, /^(?:.+\.)?(?:verify|verifyMessage|verifyTypedData|validateEvent|verifyEvent|verifySignature|recoverMessageAddress)$/, 'false', 'signature', 'signature by the caller\'s key'),
  source(/^cookie-signature$/, /^(?:default\.)?unsign$/, 'false', 'signature', 'signed cookie'),
];

/** Libraries that check who sent a message. */
export const signatures: readonly Source[] = [
  source(/^stripe$/, /^(?:.+\.)?webhooks\.(?:constructEvent|constructEventAsync|signature\.verifyHeader)$/, 'throws', 'signature', 'signature of Stripe'),
  source(/^(?:svix|standardwebhooks|@polar-sh\/sdk\/webhooks|@polar-sh\/.+)$/, /^(?:Webhook\.verify|validateEvent|.+\.verify)$/, 'throws', 'signature', 'signature of Svix'),
  source(/^@octokit\/webhooks(?:-methods)?$/, /^(?:Webhooks\.verifyAndReceive|verify|Webhooks\.verify|verifyWithFallback)$/, 'throws', 'signature', 'signature of GitHub'),
  source(/^@octokit\/webhooks$/, /^createNodeMiddleware$/, 'denies', 'signature', 'signature of GitHub'),
  source(/^@clerk\/.+$/, /^verifyWebhook$/, 'throws', 'signature', 'signature of Clerk'),
  source(/^@upstash\/qstash(?:\/.+)?$/, /^(?:Receiver\.verify)$/, 'throws', 'signature', 'signature of QStash'),
  source(/^@upstash\/qstash(?:\/.+)?$/, /^verifySignature\w*$/, 'denies', 'signature', 'signature of QStash'),
  source(/^twilio$/, /^(?:.+\.)?(?:validateRequest|validateRequestWithBody|validateExpressRequest)$/, 'false', 'signature', 'signature of Twilio'),
  source(/^twilio$/, /^(?:.+\.)?webhook$/, 'denies', 'signature', 'signature of Twilio'),
  source(/^(?:@slack\/bolt|@slack\/.+)$/, /^(?:.+\.)?(?:verifySlackRequest|verifyRequestSignature|isValidSlackRequest)$/, 'throws', 'signature', 'signature of Slack'),
  source(/^(?:discord-interactions|discord-verify|slack-verify)$/, /^(?:verifyKey|verify|isValidRequest)$/, 'false', 'signature', 'signature of Discord'),
  source(/^discord-interactions$/, /^verifyKeyMiddleware$/, 'denies', 'signature', 'signature of Discord'),
  source(/^(?:@shopify\/.+)$/, /^(?:.+\.)?(?:webhooks\.(?:validate|process)|authenticate\.webhook|authenticate\.admin|processWebhooks|session\.decodeSessionToken|session\.getCurrentId)$/, 'throws', 'signature', 'signature of Shopify'),
  source(/^(?:@lemonsqueezy\/.+|@paddle\/.+|razorpay|@mux\/.+|@sendgrid\/eventwebhook|@mollie\/.+|@liveblocks\/node|livekit-server-sdk|@paypal\/.+|inngest|braintree|@line\/bot-sdk|resend)$/, /^(?:.+\.)?(?:webhooks\.(?:unmarshal|verifySignature|unwrap|verify)|validateWebhookSignature|verifySignature|verifyRequest|receive|WebhookReceiver\.receive|WebhookHandler\.verifyRequest|webhookNotification\.parse|validateSignature)$/, 'throws', 'signature', 'signature of the sender'),
  source(/^@line\/bot-sdk$/, /^middleware$/, 'denies', 'signature', 'signature of LINE'),
  source(/^(?:inngest|@trigger\.dev\/.+)(?:\/.+)?$/, /^serve$|^createHandler$/, 'denies', 'signature', 'signature of the job platform'),
  source(/^@vercel\/.+$/, /^verifySignature$/, 'throws', 'signature', 'signature of Vercel'),
  source(/^@cloudflare\/.+$/, /^turnstile$/, 'false', 'code', 'Turnstile'),
];
