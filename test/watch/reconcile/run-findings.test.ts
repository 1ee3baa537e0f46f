import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../../../src/model/blocked.js';
import type { Outcome } from '../../../src/model/outcome.js';
import type { Cause, Change } from '../../../src/model/plan.js';
import type { Decision } from '../../../src/watch/reconcile/decide.js';
import {
  findHealed,
  findingsOfPlan,
  findingsWithoutPlan,
  remainingPlan,
  withFailure,
} from '../../../src/watch/reconcile/run-findings.js';
import { liveOf, manifestOf } from '../../support/kinds.js';
import { planOf as planned, recorded } from '../../support/planning.js';
import { change, planOf } from '../../support/report-samples.js';

const fight: HeldBack = { reason: 'fight', address: 'a/LLM/x', paths: ['/size'], times: 3 };
const decision = (more: Partial<Decision> = {}): Decision => ({
  write: false,
  held: new Map(),
  holdsStill: () => true,
  keepsRetired: false,
  reasons: [],
  guard: false,
  observed: false,
  ...more,
});
const applied = (address: string): Outcome => ({ address, action: 'update', status: 'applied' });
const failure = { result: 'error', error: { code: 'server', message: 'it is down' } } as const;

describe('the findings of a run', () => {
  it('without a plan say how it ended, and nothing else', () => {
    expect(findingsWithoutPlan(failure, [])).toEqual({
      run: { ...failure, changes: 0, applied: 0, failed: 0 },
      held: [],
      guard: false,
      observed: false,
      diagnostics: [],
      healed: [],
    });
  });

  it('are drift where something is left to do, and orphans are nothing', () => {
    const orphan = change('a/LLM/old', 'orphan');
    expect(findingsOfPlan({ plan: planOf([orphan]) }, decision()).run).toMatchObject({
      result: 'no_change',
      changes: 0,
    });
    const plan = planOf([orphan, change('a/LLM/x', 'update')]);
    expect(findingsOfPlan({ plan }, decision()).run).toEqual({
      result: 'drift',
      changes: 1,
      applied: 0,
      failed: 0,
    });
  });

  it('say in the plan why a change was held back, and leave the plan that was decided on as it was', () => {
    const plan = planOf([change('a/LLM/x', 'update'), change('a/LLM/y', 'update')]);
    const before = structuredClone(plan);
    const held = decision({ held: new Map([['a/LLM/x', fight]]), reasons: ['a fight'], guard: true });
    const findings = findingsOfPlan({ plan }, held);
    expect(findings.plan?.changes.map(({ blocked }) => blocked)).toEqual([fight, undefined]);
    expect(findings).toMatchObject({ held: ['a fight'], guard: true });
    expect(plan).toEqual(before);
  });

  it('keep the reason that a change had already', () => {
    const blocked = { reason: 'protected', from: 'delete' } as const;
    const plan = planOf([change('a/LLM/x', 'delete', { blocked })]);
    const findings = findingsOfPlan({ plan }, decision({ held: new Map([['a/LLM/x', fight]]) }));
    expect(findings.plan?.changes[0]?.blocked).toEqual(blocked);
  });

  it('of a failure keep the plan and the numbers', () => {
    const plan = planOf([change('a/LLM/x', 'update')]);
    const findings = withFailure(findingsOfPlan({ plan }, decision()), failure);
    expect(findings.run).toEqual({ ...failure, changes: 1, applied: 0, failed: 0 });
    expect(findings.plan?.changes).toHaveLength(1);
  });
});

describe('what is left of a plan that was applied in part', () => {
  it('is what was not applied, with counts that fit', () => {
    const request = { method: 'PATCH', path: '/x' };
    const plan = planOf([
      change('a/LLM/x', 'update', { requests: [request] }),
      change('a/LLM/y', 'update', { requests: [request, request] }),
    ]);
    const left = remainingPlan(plan, [applied('a/LLM/x')]);
    expect(left.changes.map(({ address }) => address)).toEqual(['a/LLM/y']);
    expect(left.summary).toMatchObject({ update: 1, noop: plan.summary.noop + 1 });
    expect(left.requests).toEqual({ read: plan.requests.read, write: 2 });
    expect(plan.summary.update).toBe(2);
  });
});

describe('what was healed', () => {
  /** An object that was applied with a size of 1, and then changed on the sides that `cause` says. */
  function drifted(cause: Cause) {
    const [size, there] = { manifest: [2, 1], drift: [1, 2], both: [2, 3], unknown: [1, 1] }[cause];
    return planned({
      manifests: [manifestOf('one', { name: 'one', size: size ?? 0 })],
      live: [liveOf('x', { name: 'one', size: there ?? 0 })],
      ledger: { objects: recorded('one', 'x', { applied: { '/name': '="one"', '/size': '=1' } }) },
    }).steps;
  }
  const address: Change['address'] = 'here/Thing/one';

  it.each<[Cause, string[]]>([
    ['drift', ['/size']],
    ['both', ['/size']],
    ['manifest', []],
  ])('of a field that moved by %s is %j', (cause, paths) => {
    const healed = findHealed(drifted(cause), [applied(address)], new Set([address]));
    expect(healed).toEqual(paths.map((path) => ({ address, path })));
  });

  it('is nothing where the change was not applied', () => {
    expect(findHealed(drifted('drift'), [], new Set([address]))).toEqual([]);
  });

  it('is a whole object that was known and had gone', () => {
    const { steps } = planned({ manifests: [manifestOf('one', { name: 'one' })] });
    expect(findHealed(steps, [applied(address)], new Set([address]))).toEqual([{ address, path: '' }]);
    expect(findHealed(steps, [applied(address)], new Set())).toEqual([]);
  });
});
