import { describe, expect, it } from 'vitest';
import type { Finding, Result } from '../src/model/assessment.ts';
import { blockersOf, failedToDecide } from '../src/register/policy.ts';
import { fingerprints } from '../src/register/fingerprint.ts';

const finding = (severity: Finding['severity']): Finding => ({
  control: 'auth/guard',
  message: 'open',
  text: 't',
  remedy: 'r',
  severity,
  confidence: 'proven',
  subject: 's',
  trail: [],
  fingerprint: severity,
});
const result = (more: Partial<Result>): Result => ({
  control: 'auth/guard',
  area: 'auth',
  service: 'api',
  title: 't',
  verdict: 'fail',
  severity: 'critical',
  stage: 'stable',
  evidence: [],
  findings: [],
  ...more,
});

describe('the default policy', () => {
  it('blocks on critical findings of stable controls only', () => {
    const results = [
      result({ findings: [finding('critical'), finding('major')] }),
      result({ stage: 'trial', findings: [finding('critical')] }),
    ];
    expect(blockersOf(results).map((f) => f.fingerprint)).toEqual(['critical']);
  });

  it('gives no GO where a check that can block failed to run', () => {
    expect(failedToDecide([result({ verdict: 'error' })])).toBe(true);
    expect(failedToDecide([result({ verdict: 'error', severity: 'minor' }), result({ verdict: 'unknown' })])).toBe(
      false,
    );
  });
});

describe('fingerprints', () => {
  const identity = { control: 'a/b', message: 'm', service: 's', subject: 'KEY', excerpt: "if (a !== 'x') return;" };
  const [print] = fingerprints([identity]);

  it('survive reformatting', () => {
    expect(fingerprints([{ ...identity, excerpt: '  if (a  !== "x")\treturn' }])).toEqual([print]);
  });

  it('tell equal findings apart by their order', () => {
    const [first, second] = fingerprints([identity, identity]);
    expect(first).toBe(print);
    expect(second).not.toBe(print);
  });

  it.each(['control', 'message', 'service', 'subject', 'excerpt'] as const)('differ with the %s', (key) => {
    expect(fingerprints([{ ...identity, [key]: 'other' }])).not.toEqual([print]);
  });
});
