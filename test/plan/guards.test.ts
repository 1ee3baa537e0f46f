import { describe, expect, it } from 'vitest';
import { type GuardRefusal, guardText } from '../../src/model/guard.js';
import { type Allowance, refusals } from '../../src/plan/guards.js';
import { liveOf, manifestOf, plainKind, target } from '../support/kinds.js';
import { planOf, recorded } from '../support/planning.js';

const guards = { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 50, maxMissingPercent: 30 };

/** So many objects of ours, of which some have lost their manifest and some have changed. */
function refused(count: number, gone: number, changed: number, allowance: Allowance = {}): GuardRefusal[] {
  const kind = plainKind();
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
  return refusals(steps, unchanged, [{ target, kind, live, cost: 1 }], guards, allowance);
}

const scope = (objects: number) => ({ target: 'here', kind: 'Thing', objects });

describe('guards', () => {
  it('let pass what deletes nothing and changes little', () => {
    expect(refused(20, 0, 10)).toEqual([]);
  });

  it('want to be told how many are deleted', () => {
    expect(refused(5, 2, 0)).toEqual([{ guard: 'maxDelete', actual: 2, limit: 0 }]);
    expect(refused(5, 2, 0, { maxDelete: 1 })).toHaveLength(1);
    expect(refused(5, 2, 0, { maxDelete: 2 })).toEqual([]);
  });

  it('count a share from ten objects on', () => {
    expect(refused(9, 5, 0, { maxDelete: 5 })).toEqual([]);
    expect(refused(10, 4, 0, { maxDelete: 4 })).toEqual([
      { guard: 'maxDeletePercent', actual: 40, limit: 30, scope: scope(10) },
    ]);
    expect(refused(10, 3, 0, { maxDelete: 3 })).toEqual([]);
    expect(refused(10, 4, 0, { maxDelete: 4, maxDeletePercent: 40 })).toEqual([]);
  });

  it('count a share of updates as well', () => {
    expect(refused(10, 0, 6)).toEqual([
      { guard: 'maxUpdatePercent', actual: 60, limit: 50, scope: scope(10) },
    ]);
    expect(refused(10, 0, 6, { maxUpdatePercent: 60 })).toEqual([]);
  });

  it('are worded without the way to lift them, which each door has its own of', () => {
    expect(refused(2, 1, 0).map(guardText)).toEqual([
      'this plan deletes or replaces 1 object, and guards.maxDelete allows 0',
    ]);
    expect(refused(11, 4, 6, { maxDelete: 4 }).map(guardText)).toEqual([
      'this plan would delete 37 % of the 11 managed objects in here/Thing, and the guard allows 30 %',
      'this plan would update 55 % of the 11 managed objects in here/Thing, and the guard allows 50 %',
    ]);
  });

  it('count every earlier version that the ledger remembers, whatever change removes it', () => {
    const kind = plainKind({ writes: 'new-version' });
    const live = ['now', 'old', 'older'].map((id) => liveOf(id, { name: 'One', size: 1 }));
    const counted = (size: number, retired: string[]) => {
      const { steps, unchanged, plan } = planOf({
        kind,
        manifests: [manifestOf('one', { name: 'One', size })],
        live,
        ledger: { objects: recorded('one', 'now', { retired }) },
      });
      const found = refusals(steps, unchanged, [{ target, kind, live, cost: 1 }], guards, {});
      return { deletes: plan.changes[0]?.deletes, counted: found.map(({ actual }) => actual) };
    };
    // The version that this very plan replaces is free.
    expect(counted(2, [])).toEqual({ deletes: ['now'], counted: [] });
    expect(counted(2, ['old', 'older'])).toEqual({ deletes: ['old', 'older', 'now'], counted: [2] });
    expect(counted(1, ['old'])).toEqual({ deletes: ['old'], counted: [1] });
  });

  it('are told apart: the number does not lift the share', () => {
    expect(refused(10, 9, 0, { maxDelete: 100 })).toHaveLength(1);
  });
});
