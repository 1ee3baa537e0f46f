import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../src/model/json.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { ownershipMarkFor, ownershipMarkOf } from '../../src/plan/match/identity.js';
import { type MatchResult, matchObjects } from '../../src/plan/match/match.js';
import type { PlanInput } from '../../src/plan/plan-input.js';
import { check, printTally } from '../support/fuzz-runs.js';
import { target } from '../support/kinds.js';
import { matchInputsOf, PROJECT, type Setting, TARGET } from './match-inputs.js';
import { type Subject, subjects } from './subjects.js';

printTally('match');

const RUNS = 200;

describe.each(subjects)('$title: for all manifests, listings and ledgers', (subject) => {
  const scenes = matchInputsOf(subject);
  const shuffled = scenes.chain((matchInput) =>
    fc.record({
      matchInput: fc.constant(matchInput),
      other: fc
        .tuple(permutation(matchInput.manifests), permutation(matchInput.live))
        .map(([manifests, live]) => ({ ...matchInput, manifests, live })),
    }),
  );

  it('the order of manifests and of the listing does not matter', () => {
    check(
      fc.property(shuffled, ({ matchInput, other }) => {
        expect(inOrder(matchIn(other, subject))).toEqual(inOrder(matchIn(matchInput, subject)));
      }),
      RUNS,
    );
  });

  it('no live object is bound twice, and none is bound and an orphan', () => {
    check(
      fc.property(scenes, (matchInput) => {
        const { bindings, orphans } = matchIn(matchInput, subject);
        const ids = [
          ...bindings.flatMap(({ live }) => live?.id ?? []),
          ...orphans.map(({ live }) => live.id),
        ];
        expect(new Set(ids).size).toBe(ids.length);
        const addresses = bindings.map(({ manifest }) => manifest.address);
        expect(new Set(addresses).size).toBe(addresses.length);
      }),
      RUNS,
    );
  });

  it('an object with a foreign mark is bound only by its id, given or remembered', () => {
    check(
      fc.property(scenes, (matchInput) => {
        const { bindings, orphans } = matchIn(matchInput, subject);
        for (const { manifest, live, how, duplicates } of bindings) {
          const own = ownershipMarkFor(PROJECT, manifest.address);
          const isForeign = (id: string) => {
            const object = matchInput.live.find((one) => one.id === id);
            const mark = object && ownershipMarkOf(subject.kind, object);
            return mark !== undefined && mark !== own;
          };
          // What is a stray will be removed.
          expect(duplicates.filter(isForeign)).toEqual([]);
          if (live !== undefined && isForeign(live.id)) expect(['id', 'ledger', 'client-id']).toContain(how);
        }
        for (const { live, entry, lostTarget } of orphans) {
          const mark = ownershipMarkOf(subject.kind, live);
          if (entry !== undefined) continue;
          expect(mark).toMatch(new RegExp(`^${PROJECT}/`));
          expect(mark?.startsWith(`${PROJECT}/${TARGET}/`)).toBe(lostTarget === undefined);
        }
      }),
      RUNS,
    );
  });

  it('a name alone never binds: without --adopt nothing is sent to an object that only has the name', () => {
    check(
      fc.property(scenes, (matchInput) => {
        const byName = matchIn(matchInput, subject).bindings.filter(({ how }) => how === 'name');
        const { plan, steps } = makePlan(inputOf(matchInput, subject));
        for (const { manifest, live } of byName) {
          const change = plan.changes.find(({ address }) => address === manifest.address);
          expect(change).toMatchObject({
            action: 'adopt',
            requests: [],
            blocked: { reason: expect.any(String) },
          });
          const touched = steps.flatMap(({ change: { requests } }) => requests.map(({ path }) => path));
          expect(touched.filter((path) => path.endsWith(`/${live?.id}`))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('the plan, its fingerprint included, does not depend on the order either', () => {
    check(
      fc.property(shuffled, ({ matchInput, other }) => {
        const [one, two] = [matchInput, other].map((each) => makePlan(inputOf(each, subject)).plan);
        expect(two?.fingerprint).toBe(one?.fingerprint);
        expect(two?.changes).toEqual(one?.changes);
      }),
      RUNS,
    );
  });
});

function permutation<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

/** The result without the orders that nobody relies on. */
function inOrder({ bindings, orphans, forgotten, diagnostics }: MatchResult): string[][] {
  const text = (value: unknown) => canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
  return [
    bindings.map((binding) => text({ ...binding, duplicates: [...binding.duplicates].sort() })).sort(),
    orphans.map(text).sort(),
    [...forgotten].sort(),
    diagnostics.map(text).sort(),
  ];
}

function matchIn({ live, ...input }: Setting, { vendor, kind }: Subject): MatchResult {
  return matchObjects({ target: { ...target, vendor: vendor.id }, kind, live, cost: 1 }, input);
}

function inputOf({ live, ...input }: Setting, { vendor, kind }: Subject): PlanInput {
  return {
    ...input,
    observed: [{ target: { ...target, vendor: vendor.id }, kind, live, cost: 1 }],
    options: { targets: [], prune: true, adopt: false, trustSecrets: false },
    reads: 1,
  };
}
