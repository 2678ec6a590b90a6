import type { AssessedEvidence, AssessedStep, Finding, Result } from '../model/assessment.ts';
import type { AnyControl } from '../model/control.ts';
import { isPlace, type Evidence, type Step } from '../model/place.ts';
import { fingerprints } from '../register/fingerprint.ts';
import type { AnyViolation, Evaluated } from './evaluate.ts';
import type { Excerpts } from './excerpt.ts';

/** How a bug of ours is reported: npm knows the tracker of what it installed. */
export const reportBugs = '`npm bugs staticfire` opens the tracker';

/** Turns what a control said into a result of the assessment: texts filled in, excerpts read, fingerprints made. */
export function toResult(control: AnyControl, service: string, evaluated: Evaluated, excerpts: Excerpts): Result {
  const base = { control: control.id, area: control.area, service, severity: control.severity, stage: control.stage };
  const title = evaluated.verdict === 'fail' ? control.title.fail : control.title.pass;
  switch (evaluated.verdict) {
    case 'pass':
      return {
        ...base,
        title,
        verdict: 'pass',
        level: control.level,
        ...reasonOf(evaluated.reason),
        evidence: evaluated.evidence.map((e) => toEvidence(e, excerpts)),
        findings: [],
      };
    case 'fail':
      return {
        ...base,
        title,
        verdict: 'fail',
        level: control.level,
        evidence: (evaluated.evidence ?? []).map((e) => toEvidence(e, excerpts)),
        findings: toFindings(control, service, evaluated.violations, excerpts),
      };
    case 'unknown':
      return {
        ...base,
        title,
        verdict: 'unknown',
        reason: evaluated.because,
        settle: evaluated.settle,
        evidence: (evaluated.evidence ?? []).map((e) => toEvidence(e, excerpts)),
        findings: [],
      };
    case 'not-applicable':
      return { ...base, title, verdict: 'not-applicable', reason: evaluated.because, evidence: [], findings: [] };
    case 'error':
      return {
        ...base,
        title,
        verdict: 'error',
        reason: `${evaluated.because}. This is a bug in staticfire; please report it: ${reportBugs}`,
        evidence: [],
        findings: [],
      };
  }
}

const reasonOf = (reason: string | undefined): { reason?: string } => (reason === undefined ? {} : { reason });

function toEvidence(evidence: Evidence, excerpts: Excerpts): AssessedEvidence {
  if (!isPlace(evidence)) return { searched: singular(evidence.searched) };
  const { file, line, endLine, note } = evidence;
  const excerpt = excerpts.line(evidence);
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(note === undefined ? {} : { note }),
  };
}

function toFindings(
  control: AnyControl,
  service: string,
  violations: readonly AnyViolation[],
  excerpts: Excerpts,
): Finding[] {
  const sorted = violations.toSorted(byPlace);
  const identities = sorted.map((violation) => ({
    control: control.id,
    message: violation.message,
    service,
    subject: violation.subject,
    excerpt: (violation.at && excerpts.line(violation.at, control.area === 'secrets')) ?? '',
  }));
  const prints = fingerprints(identities);
  return sorted.map((violation, index) => toFinding(control, violation, prints[index] ?? '', excerpts));
}

function byPlace(a: AnyViolation, b: AnyViolation): number {
  const keys = ({ at, message, subject }: AnyViolation): string =>
    [
      at?.file ?? '',
      String(at?.line ?? 0).padStart(8, '0'),
      String(at?.column ?? 0).padStart(6, '0'),
      message,
      subject,
    ].join('\0');
  const [x, y] = [keys(a), keys(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function toFinding(control: AnyControl, violation: AnyViolation, fingerprint: string, excerpts: Excerpts): Finding {
  const spec = (
    control.messages as Record<
      string,
      { text: string; remedy: string; severity?: Finding['severity']; confidence?: Finding['confidence'] }
    >
  )[violation.message];
  if (!spec) throw new Error(`${control.id} has no message '${violation.message}'`);
  const data = violation.data as Readonly<Record<string, string | number>>;
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(data[name] ?? `{${name}}`));
  const around = violation.at && excerpts.around(violation.at, 2, control.area === 'secrets');
  return {
    control: control.id,
    message: violation.message,
    text: singular(fill(spec.text)),
    remedy: fill(spec.remedy),
    severity: violation.severity ?? spec.severity ?? control.severity,
    confidence: violation.confidence ?? spec.confidence ?? control.confidence,
    ...(violation.at ? { at: { ...violation.at } } : {}),
    ...(around ? { excerpt: around.text, excerptLine: around.first } : {}),
    ...('searched' in violation && violation.searched !== undefined ? { searched: singular(violation.searched) } : {}),
    subject: violation.subject,
    trail: (violation.trail ?? []).map(toStep),
    fingerprint,
  };
}

const counted =
  'calls|checks|commands|comparisons|files|folders|functions|imports|lockfiles|places|safeguards|secrets|services|tests|variables|workflows';
const one = new RegExp(String.raw`\b1 ((?:[a-z]+ )?)(${counted})\b(?! (?:are|exist|have|lead|load|stand)\b)`, 'g');

/** Messages are written for many: `1 files` reads as `1 file`. */
const singular = (text: string): string =>
  text.replaceAll(one, (_, before: string, word: string) => `1 ${before}${word.slice(0, -1)}`);

function toStep({ note, at }: Step): AssessedStep {
  return { note, ...(at ? { file: at.file } : {}), ...(at?.line === undefined ? {} : { line: at.line }) };
}
