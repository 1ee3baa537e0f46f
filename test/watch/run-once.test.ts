import { describe, expect, it } from 'vitest';
import type { FinishedRun } from '../../src/watch/reconcile/reconcile-target.js';
import { exitCodeOf } from '../../src/watch/run-once.js';
import type { RunOutcome } from '../../src/watch/state/model.js';

/** A turn as far as the exit code looks at it. */
function turn(
  result: RunOutcome,
  { applied = 0, failed = 0, guard = false, observed = false } = {},
): FinishedRun {
  return { record: { result, applied, failed }, findings: { guard, observed } } as FinishedRun;
}

describe('the exit code of one run of every target', () => {
  it.each([
    ['nothing to do', 0, [turn('no_change'), turn('success', { applied: 1 })]],
    ['no target at all', 0, []],
    ['everything failed before it wrote', 1, [turn('error'), turn('terminal')]],
    ['observed changes', 2, [turn('drift', { observed: true }), turn('no_change')]],
    ['one target failed, another is in line', 3, [turn('error'), turn('no_change')]],
    ['one target failed, another is only observed', 1, [turn('error'), turn('drift', { observed: true })]],
    ['some objects failed', 3, [turn('error', { applied: 1, failed: 1 })]],
    ['applied, and something was held back', 3, [turn('drift', { applied: 1, guard: true })]],
    ['something is not ours yet', 3, [turn('drift')]],
    ['a guard kept everything back', 4, [turn('drift', { guard: true })]],
  ])('%s: %i', (_, code, turns) => {
    expect(exitCodeOf(turns)).toBe(code);
  });
});
