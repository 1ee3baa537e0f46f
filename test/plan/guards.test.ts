import { describe, expect, it } from 'vitest';
import { type Allowance, refusals } from '../../src/plan/guards.js';
import { kindOf, liveOf, manifestOf, target } from '../support/kinds.js';
import { planOf, recorded } from '../support/planning.js';

const guards = { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 50 };

/** So many objects of ours, of which some have lost their manifest and some have changed. */
function refused(count: number, gone: number, changed: number, allowance: Allowance = {}): string[] {
  const kind = kindOf();
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const live = names.map((name) => liveOf(name, { name, size: 1 }));
  const objects = Object.assign({}, ...names.map((name) => recorded(name, name)));
  const manifests = names.slice(gone).map((name, i) => manifestOf(name, { name, size: i < changed ? 2 : 1 }));
  const { steps, unchanged } = planOf({
    kind,
    manifests,
    live,
    ledger: { objects },
    options: { prune: true },
  });
  const found = refusals(steps, unchanged, [{ target, kind, live, cost: 1 }], guards, allowance);
  expect(found.every(({ severity, code }) => severity === 'error' && code === 'guard')).toBe(true);
  return found.map(({ summary, detail = '' }) => `${summary} ${detail}`);
}

describe('guards', () => {
  it('let pass what deletes nothing and changes little', () => {
    expect(refused(20, 0, 10)).toEqual([]);
  });

  it('want to be told how many are deleted', () => {
    expect(refused(5, 2, 0)).toEqual([expect.stringContaining('--max-delete 2')]);
    expect(refused(5, 2, 0, { maxDelete: 1 })).toHaveLength(1);
    expect(refused(5, 2, 0, { maxDelete: 2 })).toEqual([]);
  });

  it('count a share from ten objects on', () => {
    expect(refused(9, 5, 0, { maxDelete: 5 })).toEqual([]);
    expect(refused(10, 4, 0, { maxDelete: 4 })).toEqual([expect.stringContaining('--max-delete-percent 40')]);
    expect(refused(10, 3, 0, { maxDelete: 3 })).toEqual([]);
    expect(refused(10, 4, 0, { maxDelete: 4, maxDeletePercent: 40 })).toEqual([]);
  });

  it('count a share of updates as well', () => {
    expect(refused(10, 0, 6)).toEqual([expect.stringContaining('--max-update-percent 60')]);
    expect(refused(10, 0, 6, { maxUpdatePercent: 60 })).toEqual([]);
  });

  it('are told apart: the number does not lift the share', () => {
    expect(refused(10, 9, 0, { maxDelete: 100 })).toHaveLength(1);
  });
});
