import { describe, expect, it } from 'vitest';
import { blockedText } from '../../src/model/blocked.js';
import type { KindRules } from '../../src/model/vendor.js';
import { onCycles } from '../../src/plan/on-cycles.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { liveOf, manifestOf, plainKind } from '../support/kinds.js';
import { planOf, recorded, type Scenery } from '../support/planning.js';

const uniqueName: KindRules['uniqueName'] = { field: 'name', within: ['room'] };
const kind = plainKind({ uniqueName });
const thing = (address: string, name: string, more = {}) => manifestOf(address, { name, room: 'r', ...more });
const there = (id: string, name: string, more = {}) => liveOf(id, { name, room: 'r', ...more });
const objects = (...names: string[]) => Object.assign({}, ...names.map((name) => recorded(name, name)));

/** Of each step what it waits for, or why it is blocked. */
function order(scenery: Scenery) {
  const { steps } = planOf({ kind, ...scenery });
  return Object.fromEntries(
    steps.map(({ change, dependsOn }) => [
      change.name,
      change.blocked ? blockedText(change.blocked) : dependsOn.map((address) => address.split('/')[2]),
    ]),
  );
}

describe('the order in which unique names change hands', () => {
  it('is of no account where the place is another one, or the vendor has no such rule', () => {
    const scenery = {
      manifests: [thing('a', 'B', { room: 's' }), thing('b', 'B', { size: 2 })],
      live: [there('a', 'A', { room: 's' }), there('b', 'B')],
      ledger: { objects: objects('a', 'b') },
    };
    expect(order(scenery)).toEqual({ a: [], b: [] });
    const swapped = { ...scenery, manifests: [thing('a', 'B'), thing('b', 'A')] };
    expect(order({ ...swapped, kind: plainKind() })).toEqual({ a: [], b: [] });
  });

  it('is that of a chain, and a circle of three has none', () => {
    const live = ['a', 'b', 'c', 'd'].map((id) => there(id, id.toUpperCase()));
    const ledger = { objects: objects('a', 'b', 'c', 'd') };
    const chain = [thing('a', 'B'), thing('b', 'C'), thing('c', 'D'), thing('d', 'E')];
    expect(order({ manifests: chain, live, ledger })).toEqual({ a: ['b'], b: ['c'], c: ['d'], d: [] });
    const circle = [thing('a', 'B'), thing('b', 'C'), thing('c', 'B2'), thing('d', 'D2')];
    expect(order({ manifests: circle, live, ledger })).toEqual({ a: ['b'], b: ['c'], c: [], d: [] });
    const closed = [thing('a', 'B'), thing('b', 'C'), thing('c', 'A'), thing('d', 'A')];
    expect(order({ manifests: closed, live, ledger })).toEqual({
      a: expect.stringContaining('here/Thing/b (b), which waits for this object in turn'),
      b: expect.stringContaining('here/Thing/c (c), which waits for this object in turn'),
      c: expect.stringContaining('here/Thing/a (a), which waits for this object in turn'),
      d: 'here/Thing/c is to get the name "A" as well',
    });
  });

  it('goes with references: a delete that these keep from happening gives no name up', () => {
    const { steps, plan } = planOf({
      kind,
      manifests: [thing('a', 'B')],
      live: [there('a', 'A'), there('b', 'B'), there('theirs', 'C', { parent: 'b' })],
      ledger: { objects: objects('a', 'b') },
      options: { prune: true },
    });
    expect(steps.map(({ change }) => [change.name, change.blocked?.reason, change.requests])).toEqual([
      ['a', 'in-use', []],
      ['b', 'in-use', []],
    ]);
    expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
      'here/Thing/b: it is kept, because Thing theirs still refers to it',
      'here/Thing/a is left alone (update): the name "B" is that of here/Thing/b (b), which is left alone itself',
    ]);
  });

  it('is none where a name and a reference want opposite orders', () => {
    // The delete waits until `a` drops its reference, and `a` waits for the name.
    const found = order({
      manifests: [thing('a', 'B', { parent: 'c' }), thing('c', 'C')],
      live: [there('a', 'A', { parent: 'b' }), there('b', 'B'), there('c', 'C')],
      ledger: { objects: objects('a', 'b', 'c') },
      options: { prune: true },
    });
    expect(found.a).toContain('here/Thing/b (b), which waits for this object in turn');
    expect(found.b).toContain('still used by Thing a');
  });

  it('follows a chain of a thousand at once', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `t${i}`);
    const found = order({
      manifests: ids.slice(0, -1).map((id, i) => thing(id, `t${i + 1}`)),
      live: ids.map((id) => there(id, id)),
      ledger: { objects: objects(...ids) },
    });
    expect(found.t998).toContain('has no manifest any more');
    expect(found.t0).toContain('which is left alone itself');
  });

  it('can be kept by every kind that has unique names: its replacements free the name first', () => {
    const rules = vendors.flatMap((vendor) => vendor.kinds.map((one) => one.rules));
    const unique = rules.filter((one) => one.uniqueName !== undefined);
    expect(unique.length).toBeGreaterThan(0);
    for (const one of unique) expect(one).toMatchObject({ replace: 'delete-first', writes: 'merge-patch' });
  });
});

describe('cycles', () => {
  it('are found, without what leads to them or away from them', () => {
    const needs = new Map([
      ['before', ['a']],
      ['a', ['b']],
      ['b', ['a', 'after']],
      ['after', ['unknown']],
      ['self', ['self']],
    ]);
    expect([...onCycles(needs)].sort()).toEqual(['a', 'b', 'self']);
  });
});
