import { describe, expect, it } from 'vitest';
import { applyLog } from '../../../src/report/index.js';
import { mixedReport } from '../../support/report-samples.js';

describe('the log of an apply', () => {
  const lines = applyLog(mixedReport).split('\n');

  it('starts with a subject that counts, and an empty line', () => {
    expect(lines[0]).toMatch(/^llmform apply: \d+ applied, \d+ failed/);
    expect(lines[1]).toBe('');
  });

  it('has a line for each object, without what vendors say', () => {
    const failed = mixedReport.outcomes.find(({ error }) => error !== undefined);
    const line = lines.find((text) => text.includes(failed?.address ?? '?'));
    expect(line).toContain(failed?.error?.code);
    expect(lines.join('\n')).not.toContain(failed?.error?.message);
    for (const { address } of mixedReport.outcomes) expect(lines.join('\n')).toContain(address);
  });

  it('ends with the facts', () => {
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^Requests: \d+ reads?, \d+ writes?$/),
      `Fingerprint: ${mixedReport.fingerprint}`,
      '',
    ]);
  });

  it('says when it was interrupted, and when there was nothing', () => {
    const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
    const empty = applyLog({ ...mixedReport, summary, outcomes: [] }, true);
    expect(empty).toMatch(/^llmform apply: Nothing was applied, interrupted\n\nRequests: /);
  });
});
