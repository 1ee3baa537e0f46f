import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/outcome.js';
import { applyText } from '../../../src/report/index.js';
import { anyReport } from '../../support/arbitrary-plans.js';
import { mixedReport } from '../../support/report-samples.js';

const plain = { color: false };

function one(outcome: Partial<Outcome>): string {
  const base: Outcome = { address: 'anam-prod/LLM/a', action: 'update', status: 'failed' };
  return applyText({ ...mixedReport, outcomes: [{ ...base, ...outcome }] }, plain);
}

describe('the result of an apply as text', () => {
  it('has one line for each outcome, and honest totals', () => {
    const text = applyText(mixedReport, plain);
    expect(text.match(/^[✓✗!-] \w+ +\S+/gm)).toEqual([
      '✓ update  anam-prod/LLM/support',
      '✓ create  anam-prod/LLM/sales',
      '✗ create  avatars/LLM/guide',
      '! update  memory/LLM/reader',
      '- adopt   memory/LLM/writer',
    ]);
    expect(text).toContain('\nApply: 2 applied, 1 failed, 1 stale, 1 skipped.\n');
    expect(text).toMatch(/11 reads, 4 writes; fingerprint sha256:\w+\n$/);
  });

  it('says why something failed and what to do next', () => {
    expect(applyText(mixedReport, plain)).toContain(
      '    422 invalid: model_name: unknown model\n    Correct the manifest and plan again.\n',
    );
    expect(one({ error: { code: 'unauthorized', message: 'no', httpStatus: 401 } })).toContain('credential');
    expect(one({ status: 'skipped', error: { code: 'protected', message: 'no' } })).toContain(
      'preventDestroy',
    );
  });

  it('names the fields that the vendor dropped', () => {
    expect(applyText(mixedReport, plain)).toContain('not kept by the vendor: /temperature, /maxTokens');
    expect(applyText(mixedReport, plain)).toContain('1 object was not kept whole');
  });

  it('is calm when there was nothing to do', () => {
    const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
    const text = applyText({ ...mixedReport, summary, outcomes: [], diagnostics: [] }, plain);
    expect(text).toMatch(/^Nothing was applied\.\n11 reads/);
  });

  it('lets no control character through', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(applyText(report, plain)).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
        );
      }),
    );
  });
});
