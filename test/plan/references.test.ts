import { describe, expect, it } from 'vitest';
import { liveOf, manifestOf, plainKind, target } from '../support/kinds.js';
import { planOf, recorded } from '../support/planning.js';

describe('an object that refers to another one', () => {
  it('waits for it when its id is not known yet', () => {
    const manifests = [
      manifestOf('child', { name: 'Child', parent: { ref: 'Thing/parent' } }),
      manifestOf('parent', { name: 'Parent' }),
    ];
    const { steps, plan } = planOf({ manifests });
    expect(steps.find(({ change }) => change.name === 'child')?.dependsOn).toEqual(['here/Thing/parent']);
    expect(plan.changes[0]?.requests[0]?.body).toMatchObject({ parent: '(known after apply)' });
  });

  it('is shown with the id, and waits for nothing, when that is known', () => {
    const parent = manifestOf('parent', { name: 'Parent', size: 2 });
    const child = manifestOf('child', { name: 'Child', parent: { ref: 'Thing/parent' } });
    const live = [liveOf('p', { name: 'Parent', size: 1 })];
    const { steps, plan } = planOf({
      kind: plainKind(),
      manifests: [parent, child],
      live,
      ledger: { objects: recorded('parent', 'p') },
    });
    expect(plan.changes[0]?.requests[0]?.body).toEqual({ name: 'Child', parent: 'p' });
    expect(steps[0]?.dependsOn).toEqual([]);
  });
});

describe('an id is not removed while something refers to it', () => {
  const kind = plainKind({ writes: 'new-version' });
  const parents = plainKind();
  const observed = (live: ReturnType<typeof liveOf>[]) => ({ observed: [{ target, kind, live, cost: 1 }] });
  const objects = { ...recorded('parent', 'p'), ...recorded('child', 'c') };
  const live = [liveOf('p', { name: 'Parent', size: 1 }), liveOf('c', { name: 'Child', parent: 'p' })];

  it('a new version lets go of the old one only after those that move', () => {
    const manifests = [
      manifestOf('parent', { name: 'Parent', size: 2 }),
      manifestOf('child', { name: 'Child', parent: { ref: 'Thing/parent' } }),
    ];
    const { steps } = planOf({ kind, manifests, live, ledger: { objects }, more: observed(live) });
    const parent = steps.find(({ change }) => change.name === 'parent');
    expect(parent).toMatchObject({ retire: ['p'], retireAfter: ['here/Thing/child'] });
  });

  it('a holder outside the plan keeps it, and is named', () => {
    const foreign = [...live, liveOf('theirs', { name: 'Theirs', parent: 'p' })];
    const manifests = [
      manifestOf('parent', { name: 'Parent', size: 2 }),
      manifestOf('child', { name: 'Child', parent: { ref: 'Thing/parent' } }),
    ];
    const { steps, plan } = planOf({
      kind,
      manifests,
      live: foreign,
      ledger: { objects },
      more: observed(foreign),
    });
    expect(steps.find(({ change }) => change.name === 'parent')).toMatchObject({ retire: [], kept: ['p'] });
    expect(plan.diagnostics).toMatchObject([
      { code: 'in-use', severity: 'warning', summary: expect.stringContaining('theirs') },
    ]);
  });

  it('deletions go in the reverse order', () => {
    const manifests = [manifestOf('another', { name: 'Another' })];
    const { steps } = planOf({
      kind: parents,
      manifests,
      live,
      ledger: { objects },
      options: { prune: true },
    });
    expect(steps.find(({ change }) => change.name === 'parent')?.dependsOn).toEqual(['here/Thing/child']);
  });

  it('what stays holds on to others in its turn, whatever the order', () => {
    const chain = (first: string, second: string) => {
      const all = [
        liveOf(first, { name: first }),
        liveOf(second, { name: second, parent: first }),
        liveOf('theirs', { name: 'Theirs', parent: second }),
      ];
      const { plan } = planOf({
        kind: parents,
        manifests: [manifestOf('another', { name: 'Another' })],
        live: all,
        ledger: { objects: { ...recorded(first, first), ...recorded(second, second) } },
        options: { prune: true },
      });
      const deletions = plan.changes.filter(({ action }) => action === 'delete');
      return Object.fromEntries(deletions.map(({ name, blocked }) => [name, blocked?.reason]));
    };
    expect(chain('a', 'b')).toEqual({ a: 'in-use', b: 'in-use' });
    expect(chain('b', 'a')).toEqual({ a: 'in-use', b: 'in-use' });
  });
});
