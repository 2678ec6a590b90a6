/** A library that calls other servers, and when it gives up by itself. */
export interface Client {
  readonly name: string;
  readonly packages: RegExp;
  /** Functions and methods that send. */
  readonly sends: readonly string[];
  /** Exports that make a client with options of its own; `new` always does. 'default' for the package itself. */
  readonly makes: readonly string[];
  /** Options that limit the time, of the call or the client. */
  readonly keys: RegExp;
  /** Which argument of a call holds its options; all of them where missing. */
  readonly optionsAt?: (method: string, count: number) => readonly number[];
  /** Made for one provider. */
  readonly kit?: true;
  /** The limit without any option, and where it is documented. */
  readonly default?: { readonly limit: string; readonly source: string };
}

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'request'] as const;
const signals = 'signal|abortSignal';
const second = (): readonly number[] => [1];
/** `axios.post(url, data, config)`, `axios.get(url, config)`, `axios(config)`. */
const axiosOptions = (method: string): readonly number[] =>
  /^(?:post|put|patch|postForm|putForm|patchForm)$/.test(method)
    ? [2]
    : /^(?:get|delete|head|options)$/.test(method)
      ? [1]
      : [0, 1];

/** Clients without a limit unless one is given. The 300 s of undici are for each wait, not for the call. */
const plain: readonly Client[] = [
  {
    name: 'fetch',
    packages:
      /^(?:node-fetch|node-fetch-native|cross-fetch|isomorphic-fetch|isomorphic-unfetch|unfetch|@whatwg-node\/fetch|undici|fetch-cookie|fetch-retry|make-fetch-happen|minipass-fetch)$/,
    sends: ['fetch', 'default', 'request', 'stream', 'pipeline'],
    makes: [],
    keys: new RegExp(`^(?:${signals}|timeout|headersTimeout|bodyTimeout)$`),
    optionsAt: second,
  },
  {
    name: 'axios',
    packages: /^axios$/,
    sends: [...verbs, 'default', 'axios', 'postForm', 'putForm', 'patchForm'],
    makes: ['create'],
    keys: new RegExp(`^(?:timeout|${signals}|cancelToken)$`),
    optionsAt: axiosOptions,
  },
  {
    name: 'HttpService',
    packages: /^@nestjs\/axios$/,
    sends: [...verbs],
    makes: ['register', 'registerAsync'],
    keys: new RegExp(`^(?:timeout|${signals})$`),
    optionsAt: axiosOptions,
  },
  {
    name: 'ofetch',
    packages: /^(?:ofetch|ohmyfetch)$/,
    sends: ['$fetch', 'ofetch', 'raw', 'native'],
    makes: ['create'],
    keys: new RegExp(`^(?:timeout|${signals})$`),
    optionsAt: second,
  },
  {
    name: 'got',
    packages: /^got$/,
    sends: [...verbs, 'default', 'got', 'stream', 'paginate'],
    makes: ['extend'],
    keys: new RegExp(`^(?:timeout|${signals})$`),
  },
  {
    name: 'superagent',
    packages: /^superagent$/,
    sends: [...verbs, 'default'],
    makes: ['agent'],
    keys: /^timeout$/,
  },
  {
    name: 'needle',
    packages: /^needle$/,
    sends: [...verbs, 'default', 'needle'],
    makes: [],
    keys: new RegExp(`^(?:timeout|response_timeout|read_timeout|${signals})$`),
  },
  {
    name: 'request',
    packages: /^(?:request|request-promise|request-promise-native|postman-request)$/,
    sends: [...verbs, 'default'],
    makes: ['defaults'],
    keys: /^timeout$/,
  },
  { name: 'phin', packages: /^phin$/, sends: ['default', 'phin'], makes: ['defaults'], keys: /^timeout$/ },
  {
    name: 'graphql-request',
    packages: /^graphql-request$/,
    sends: ['request', 'rawRequest', 'batchRequests'],
    makes: [],
    keys: new RegExp(`^(?:${signals}|fetch)$`),
  },
];

const fetched = new RegExp(`^(?:timeout|timeoutMs|requestTimeout|${signals}|fetch|fetchOptions)$`);

/** Software kits without a limit unless one is given. */
const unlimitedKits: readonly Client[] = [
  {
    name: 'AWS SDK',
    packages: /^@aws-sdk\/(?:client-|lib-)/,
    sends: ['send', 'done'],
    makes: [],
    keys: new RegExp(`^(?:requestTimeout|socketTimeout|${signals})$`),
  },
  { name: 'Gmail and other Google APIs', packages: /^(?:googleapis|@googleapis\/.+)$/, sends: ['send', 'list', 'get', 'insert', 'update', 'patch', 'delete', 'create', 'append', 'batchUpdate', 'query', 'watch', 'export', 'copy', 'modify'], makes: ['auth', 'options'], keys: new RegExp(`^(?:timeout|${signals})$`) },
  { name: 'Resend', packages: /^resend$/, sends: ['send', 'create', 'batch'], makes: [], keys: fetched },
  { name: 'SendGrid', packages: /^@sendgrid\/(?:mail|client)$/, sends: ['send', 'sendMultiple', 'request'], makes: [], keys: /^timeout$/ },
  { name: 'Upstash', packages: /^(?:@upstash\/(?:redis|qstash|vector)|@vercel\/kv)$/, sends: ['get', 'set', 'setex', 'del', 'incr', 'incrby', 'decr', 'expire', 'ttl', 'exists', 'eval', 'evalsha', 'hget', 'hset', 'hgetall', 'hincrby', 'lpush', 'rpush', 'lrange', 'sadd', 'smembers', 'zadd', 'zrange', 'scan', 'keys', 'mget', 'exec', 'publishJSON', 'publish', 'upsert', 'query', 'getdel', 'ping'], makes: ['fromEnv', 'createClient'], keys: fetched },
  { name: 'Vercel Blob', packages: /^@vercel\/blob$/, sends: ['put', 'del', 'head', 'list', 'copy'], makes: [], keys: fetched },
  { name: 'Octokit', packages: /^(?:@octokit\/(?:rest|core|request|graphql)|octokit)$/, sends: ['request', 'graphql', 'paginate', 'get', 'list', 'create', 'update', 'createForIssue', 'listForRepo', 'createComment'], makes: [], keys: fetched },
  { name: 'Slack', packages: /^@slack\/(?:web-api|webhook)$/, sends: ['postMessage', 'send', 'apiCall', 'list', 'open', 'update', 'info', 'access', 'upload', 'uploadV2'], makes: [], keys: /^timeout$/ },
  { name: 'Web Push', packages: /^web-push$/, sends: ['sendNotification'], makes: [], keys: /^timeout$/ },
  { name: 'AI SDK', packages: /^ai$/, sends: ['generateText', 'generateObject', 'embed', 'embedMany', 'generateImage', 'experimental_generateImage'], makes: [], keys: new RegExp(`^(?:timeout|${signals})$`) },
  { name: 'Google Generative AI', packages: /^@google\/(?:generative-ai|genai)$/, sends: ['generateContent', 'generateContentStream', 'sendMessage', 'embedContent', 'generateImages'], makes: ['getGenerativeModel'], keys: fetched },
  { name: 'Replicate', packages: /^replicate$/, sends: ['run', 'create', 'get'], makes: [], keys: fetched },
  { name: 'Plaid', packages: /^plaid$/, sends: ['transactionsSync', 'linkTokenCreate', 'itemPublicTokenExchange', 'accountsGet', 'accountsBalanceGet', 'transactionsGet', 'itemRemove', 'authGet', 'institutionsGetById'], makes: [], keys: /^timeout$/ },
]; // prettier-ignore

const kit =
  /^(?:timeout|timeoutMs|timeoutInSeconds|timeoutDuration|httpTimeout|request_timeout|requestTimeout|requestTimeoutMs|signal|abortSignal)$/;

/** Software kits that give up by themselves. */
const limitedKits: readonly Client[] = [
  { name: 'ky', packages: /^ky$/, sends: [...verbs, 'default'], makes: ['create', 'extend'], keys: /^timeout$/, default: { limit: '10 s', source: 'https://github.com/sindresorhus/ky#timeout' } },
  { name: 'Stripe', packages: /^stripe$/, sends: ['create', 'retrieve', 'update', 'list', 'del', 'cancel', 'search', 'confirm', 'capture', 'pay', 'finalizeInvoice', 'sendInvoice', 'voidInvoice', 'expire', 'attach', 'detach', 'createPreview', 'retrieveUpcoming', 'listLineItems', 'createUsageRecord', 'resume', 'verify'], makes: ['default'], keys: kit, default: { limit: '80 s', source: 'https://github.com/stripe/stripe-node#configuration' } },
  { name: 'OpenAI', packages: /^(?:openai|@azure\/openai)$/, sends: ['create', 'generate', 'edit', 'retrieve', 'list', 'parse', 'stream', 'createAndPoll', 'upload', 'del', 'delete', 'content'], makes: [], keys: kit, default: { limit: '10 minutes', source: 'https://github.com/openai/openai-node#timeouts' } },
  { name: 'Anthropic', packages: /^@anthropic-ai\/(?:sdk|bedrock-sdk|vertex-sdk)$/, sends: ['create', 'stream', 'parse', 'countTokens', 'retrieve', 'list'], makes: [], keys: kit, default: { limit: '10 minutes', source: 'https://github.com/anthropics/anthropic-sdk-typescript#timeouts' } },
  { name: 'Groq', packages: /^groq-sdk$/, sends: ['create', 'list', 'retrieve'], makes: [], keys: kit, default: { limit: '1 minute', source: 'https://github.com/groq/groq-typescript#timeouts' } },
  { name: 'Twilio', packages: /^twilio$/, sends: ['create', 'fetch', 'list', 'update', 'remove'], makes: ['default'], keys: kit, default: { limit: '30 s', source: 'https://github.com/twilio/twilio-node#readme' } },
  { name: 'Postmark', packages: /^postmark$/, sends: ['sendEmail', 'sendEmailWithTemplate', 'sendEmailBatch', 'sendEmailBatchWithTemplates'], makes: [], keys: kit, default: { limit: '180 s', source: 'https://github.com/ActiveCampaign/postmark.js' } },
  { name: 'Firebase Admin', packages: /^firebase-admin$/, sends: ['send', 'sendEach', 'sendEachForMulticast', 'sendMulticast', 'verifyIdToken', 'getUser', 'createUser', 'updateUser', 'deleteUser', 'verifySessionCookie'], makes: ['initializeApp'], keys: kit, default: { limit: '10 to 25 s', source: 'https://github.com/firebase/firebase-admin-node' } },
  { name: 'ClickHouse', packages: /^@clickhouse\/client(?:-web)?$/, sends: ['query', 'insert', 'command', 'exec', 'ping'], makes: ['createClient'], keys: kit, default: { limit: '30 s', source: 'https://clickhouse.com/docs/integrations/javascript' } },
  { name: 'Algolia', packages: /^algoliasearch$/, sends: ['search', 'saveObjects', 'saveObject', 'deleteObject', 'partialUpdateObject', 'searchSingleIndex'], makes: ['default', 'algoliasearch'], keys: kit, default: { limit: '5 s to read, 30 s to write', source: 'https://www.algolia.com/doc/libraries/sdk/customize' } },
  { name: 'AWS SDK 2', packages: /^aws-sdk$/, sends: ['promise'], makes: [], keys: kit, default: { limit: '2 minutes', source: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Config.html' } },
  { name: 'Auth0', packages: /^auth0$/, sends: ['get', 'getAll', 'create', 'update', 'delete', 'getUser', 'clientCredentialsGrant', 'refreshTokenGrant'], makes: [], keys: kit, default: { limit: '10 s', source: 'https://github.com/auth0/node-auth0' } },
  { name: 'Cloudinary', packages: /^cloudinary$/, sends: ['upload', 'upload_stream', 'destroy', 'explicit', 'upload_large'], makes: [], keys: kit, default: { limit: '60 s', source: 'https://github.com/cloudinary/cloudinary_npm' } },
  { name: 'openid-client', packages: /^openid-client$/, sends: ['discover', 'callback', 'userinfo', 'refresh', 'grant', 'discovery', 'authorizationCodeGrant', 'fetchUserInfo', 'refreshTokenGrant'], makes: [], keys: kit, default: { limit: '3.5 s, 30 s from version 6', source: 'https://github.com/panva/openid-client' } },
]; // prettier-ignore

export const clients: readonly Client[] = [
  ...plain,
  ...[...unlimitedKits, ...limitedKits].map((one): Client => ({ ...one, kit: true })),
];

/** `http.request` and `https.get` of Node.js. */
export const nodeHttp: ReadonlySet<string> = new Set(['http', 'https', 'http2']);

export const [fetchClient] = plain;
