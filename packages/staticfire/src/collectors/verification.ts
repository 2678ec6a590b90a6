import type { CodeModel, Origin } from '../code/model.ts';
import { inProduction, runsInProduction } from '../code/production.ts';
import type { CallSite, Condition, Setting } from '../code/sites.ts';
import { columnOf, lineOf, type Expr } from '../code/summary.ts';
import { walkExpr } from '../code/walk.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live } from '../facts/live.ts';
import { project, type Project } from '../facts/project.ts';
import { service, type Service } from '../facts/services.ts';
import { verification, type VerificationOff } from '../facts/verification.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { layerOf } from './databases/packages.ts';

export const verificationCollector = defineCollector({
  fact: verification,
  needs: { calls, code, live, project, service, sites },
  collect({ workspace, facts }) {
    const inCode = settingsOff(facts.code, facts.calls);
    const addresses = facts.live.files.flatMap((file) => addressesOff(facts.code, facts.sites, file));
    return known([
      ...inCode,
      ...addresses,
      ...scripts(facts.project, facts.service),
      ...deployment(workspace, facts.service),
    ]);
  },
});

const verifying = ['rejectUnauthorized'] as const;
const trusting = [
  'tlsAllowInvalidCertificates',
  'tlsAllowInvalidHostnames',
  'tlsInsecure',
  'allowInvalidCertificates',
  'sslInvalidCertificatesAllowed',
  'trustServerCertificate',
] as const;

function settingsOff(model: CodeModel, liveCalls: LiveCalls): VerificationOff[] {
  const found: VerificationOff[] = [];
  const add = (setting: Setting, kind: VerificationOff['kind'], what: string): void => {
    if (runsInProduction(model, setting, setting.when) === false || setting.when.some(optsIn)) return;
    const at = { file: setting.file, line: lineOf(setting.at), column: columnOf(setting.at) };
    found.push({
      kind,
      at,
      what,
      subject: setting.bound || setting.within?.path || setting.keys.join('.') || setting.key,
    });
  };
  for (const setting of liveCalls.settings('NODE_TLS_REJECT_UNAUTHORIZED')) {
    const value = model.literal(setting.file, setting.fn, setting.value);
    if (String(value) === '0') add(setting, 'process', 'NODE_TLS_REJECT_UNAUTHORIZED = 0');
  }
  for (const setting of liveCalls.settings(...verifying, 'sslValidate')) {
    const state = stateOf(model, setting, setting.value);
    if (state !== 'on' && reachesStore(model, liveCalls, setting))
      add(setting, state, `${setting.key}: ${state === 'off' ? 'false' : 'false unless a variable is set'}`);
  }
  for (const setting of liveCalls.settings(...trusting)) {
    if (inProduction(model, setting, setting.value) === true && reachesStore(model, liveCalls, setting))
      add(setting, 'off', `${setting.key}: true`);
  }
  for (const setting of liveCalls.settings('checkServerIdentity')) {
    if (doesNothing(model, setting) && reachesStore(model, liveCalls, setting))
      add(setting, 'off', 'checkServerIdentity that accepts every server');
  }
  for (const setting of liveCalls.settings('ssl')) {
    if (model.literal(setting.file, setting.fn, setting.value) === 'no-verify') add(setting, 'off', "ssl: 'no-verify'");
  }
  return found;
}

/** A test that asks for the insecure way by name: closed when nothing is set. */
function optsIn({ test, holds }: Condition): boolean {
  if (!holds || (test.k !== 'bin' && test.k !== 'ref')) return false;
  let named = false;
  walkExpr(test, (expr) => {
    // A mode of libpq by that name is what an address says, not what someone asks of this program.
    const text = expr.k === 'ref' ? expr.path : expr.k === 'str' && expr.v !== 'allow' ? expr.v : '';
    if (/insecure|skip|no[_-]?verify|allow|accept[_-]?(?:invalid|any|all)|self[_-]?signed|untrusted/i.test(text))
      named = true;
  });
  return named;
}

function stateOf(model: CodeModel, setting: Setting, value: Expr): 'on' | 'off' | 'unless-set' {
  if (model.literal(setting.file, setting.fn, value) === false) return 'off';
  const production = inProduction(model, setting, value);
  if (production !== undefined) return production ? 'on' : 'off';
  return needsVariable(value) ? 'unless-set' : 'on';
}

/** `process.env.X === 'true'`: false while X is unset. */
function needsVariable(value: Expr): boolean {
  if (value.k === 'cond') return needsVariable(value.test) && value.else.k === 'bool' && !value.else.v;
  if (value.k !== 'bin' || (value.op !== '===' && value.op !== '==')) return false;
  const [variable, word] = value.r.k === 'str' ? [value.l, value.r] : [value.r, value.l];
  return (
    word.k === 'str' &&
    /^(?:true|1|yes|on)$/i.test(word.v) &&
    variable.k === 'ref' &&
    variable.path.startsWith('process.env.')
  );
}

function doesNothing(model: CodeModel, setting: Setting): boolean {
  if (setting.value.k !== 'fn') return false;
  const body = model.get(setting.file)?.summary.functions[setting.value.fn]?.body ?? [];
  return body.every((stmt) => stmt.k === 'return' && (!stmt.of || stmt.of.k === 'undefined' || stmt.of.k === 'null'));
}

/** Is this setting about a database, cache or queue, and not about mail or HTTP? */
function reachesStore(model: CodeModel, liveCalls: LiveCalls, setting: Setting): boolean {
  for (let call = setting.within; call; call = call.within) {
    const verdict = ofCall(liveCalls, call);
    if (verdict !== undefined) return verdict;
  }
  const words = [
    ...setting.keys,
    setting.bound,
    model.get(setting.file)?.summary.functions[setting.fn]?.name ?? '',
  ].join(' ');
  if (/agent|smtp|mail|imap|ldap|http|axios|proxy|socket|webhook|fetch/i.test(words)) return false;
  return importsStore(model, setting.file) || storeWords.test(`${words} ${setting.file}`);
}

const storeWords =
  /database|\bdb|db\b|postgres|\bpg\b|mysql|redis|mongo|kafka|typeorm|knex|sequelize|\borm|data-?source|\bpool|queue|rabbit/i;

function ofCall(liveCalls: LiveCalls, call: CallSite): boolean | undefined {
  const name = packageOf(liveCalls.origin(call));
  if (name && layerOf(name)) return true;
  if (
    name &&
    /^(?:https?|http2|tls|net|undici|axios|got|ky|node-fetch|nodemailer|ws|socket\.io.*|ldapjs|ldapts|imapflow|@elastic\/.*|superagent|needle|request)$/.test(
      name,
    )
  )
    return false;
  return /Agent$|createTransport|^(?:axios|fetch|got|request)\b|createServer|createSecureContext/.test(
    call.path || call.name,
  )
    ? false
    : undefined;
}

const packageOf = (origin: Origin): string | undefined =>
  origin.kind === 'package' || origin.kind === 'builtin' ? origin.package : undefined;

function importsStore(model: CodeModel, file: string): boolean {
  const source = model.get(file);
  return (source?.head.imports ?? []).some((imported) => {
    const target = imported.from.startsWith('.') ? undefined : source?.resolve(imported.from);
    return target?.kind === 'package' && layerOf(target.name) !== undefined;
  });
}

/** An address written into code that reaches a store. */
function addressesOff(model: CodeModel, byFile: SitesByFile, file: string): VerificationOff[] {
  if (!importsStore(model, file)) return [];
  const found = [...byFile.of(file).strings].find(([text]) =>
    /sslmode=no-verify|sslaccept=accept_invalid_certs/.test(text),
  );
  return found
    ? [
        {
          kind: 'address',
          at: { file, line: lineOf(found[1]) },
          what: 'an address that accepts every certificate',
          subject: 'sslmode',
        },
      ]
    : [];
}

const switchedOff = /\bNODE_TLS_REJECT_UNAUTHORIZED\s*[=:]\s*["']?0\b/;

function scripts(found: Project, own: Service): VerificationOff[] {
  const manifest = found.manifests.find((m) => m.file === own.manifest);
  return Object.entries(manifest?.scripts ?? {}).flatMap(([name, text]) => {
    if (!manifest || !/^(?:pre)?start(?::prod(?:uction)?)?$|^serve$/.test(name) || !switchedOff.test(text)) return [];
    const line = manifest.lineOf('scripts', name);
    return [
      {
        kind: 'process' as const,
        at: { file: manifest.file, ...(line ? { line } : {}) },
        what: 'NODE_TLS_REJECT_UNAUTHORIZED=0',
        subject: `script ${name}`,
      },
    ];
  });
}

/** Dockerfiles, compose files and production settings beside the service or at the root. */
function deployment(workspace: Workspace, own: Service): VerificationOff[] {
  const files = workspace.match(
    /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|\.env\.prod(?:uction)?|Procfile|ecosystem\.config\.[cm]?js)$/,
  );
  return files
    .filter((file) => concerns(own, file) && !/dev|test|local|example|sample|\bci\b/i.test(file))
    .flatMap((file) => (workspace.read(file) ?? '').split('\n').flatMap((line, i) => lineOff(file, line, i + 1)));
}

const concerns = (own: Service, file: string): boolean =>
  !file.includes('/') || own.root === '.' || file.startsWith(`${own.root}/`);

function lineOff(file: string, line: string, number: number): VerificationOff[] {
  if (/^\s*(?:#|\/\/)/.test(line)) return [];
  const at = { file, line: number };
  if (switchedOff.test(line)) return [{ kind: 'process', at, what: 'NODE_TLS_REJECT_UNAUTHORIZED=0', subject: file }];
  if (/sslmode=(?:no-verify|disable)/.test(line) && /@[\w-]+(?:\.[\w-]+)+[:/]/.test(line))
    return [{ kind: 'address', at, what: 'an address without verified TLS', subject: file }];
  return [];
}
