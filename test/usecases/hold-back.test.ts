import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../../src/model/blocked.js';
import type { Step } from '../../src/plan/step.js';
import { heldBack, keepingRetired, withHeld } from '../../src/usecases/hold-back.js';
import { liveOf, manifestOf, plainKind, target } from '../support/kinds.js';
import { planOf, recorded } from '../support/planning.js';

const fight: HeldBack = { reason: 'fight', address: 'here/Thing/child', paths: ['/size'], times: 3 };

/** A parent that gets a new version, and a child that is moved to it. */
function family(): Step[] {
  const kind = plainKind({ writes: 'new-version' });
  const children = { ...plainKind(), name: 'Child' };
  const live = [liveOf('p', { name: 'Parent', size: 1 })];
  const held = [liveOf('c', { name: 'Child', parent: 'p' })];
  const { steps } = planOf({
    kind,
    manifests: [
      manifestOf('parent', { name: 'Parent', size: 2 }),
      manifestOf(
        'child',
        { name: 'Child', parent: { ref: 'Thing/parent' } },
        { kind: 'Child', address: CHILD },
      ),
    ],
    live,
    ledger: {
      objects: { ...recorded('parent', 'p'), [CHILD]: { vendor: 'test', id: 'c', applied: {} } },
    },
    more: {
      observed: [
        { target, kind, live, cost: 1 },
        { target, kind: children, live: held, cost: 1 },
      ],
    },
  });
  return steps;
}

const CHILD = 'here/Child/child';
const PARENT = 'here/Thing/parent';
const only = (address: string) => (step: Step) => (step.change.address === address ? fight : undefined);

describe('holding back', () => {
  it('takes along what depends on it, and says on what', () => {
    expect([...heldBack(family(), only(PARENT))]).toEqual([
      [PARENT, fight],
      [CHILD, { ...fight, dependsOn: PARENT }],
    ]);
  });

  it('writes to no step', () => {
    const steps = family();
    const before = structuredClone(steps.map(({ change }) => change));
    const open = withHeld(steps, heldBack(steps, only(PARENT))).map(keepingRetired);
    expect(steps.map(({ change }) => change)).toEqual(before);
    expect(open.map(({ change }) => change.blocked?.reason)).toEqual(['fight', 'fight']);
  });

  it('leaves the old version where it is while something that is held back refers to it', () => {
    const steps = family();
    const held = heldBack(steps, only(CHILD));
    expect([...held.keys()]).toEqual([CHILD]);
    const parent = withHeld(steps, held).find(({ change }) => change.address === PARENT);
    expect(parent).toMatchObject({ retire: [], kept: ['p'] });
    expect(parent?.change.blocked).toBeUndefined();
  });

  it('keeps the reason that the plan gave', () => {
    const [step] = family();
    if (step === undefined) throw new Error('no step');
    const own = { ...step, change: { ...step.change, blocked: { reason: 'not-adopted' } as const } };
    const [held] = withHeld([own], new Map([[own.change.address, fight]]));
    expect(held?.change.blocked).toEqual({ reason: 'not-adopted' });
  });
});
