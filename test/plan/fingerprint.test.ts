import { describe, expect, it } from 'vitest';
import { createBaselines } from '../../src/diff/baseline.js';
import { digest, kindOf, liveOf, manifestOf, projectOf, target } from '../support/kinds.js';
import { planOf, recorded, type Scenery } from '../support/planning.js';

const manifests = [
  manifestOf('one', { name: 'One', size: 1, key: { fromEnv: 'KEY' } }),
  manifestOf('two', { name: 'Two', size: 2 }),
];
const live = [
  liveOf('a', { name: 'One', size: 5, labels: { mark: 'tests/here/Thing/one', x: '1' } }),
  liveOf('b', { name: 'Two', size: 5, labels: { mark: 'tests/here/Thing/two' } }),
];
const base: Scenery = { manifests, live };
const OTHER_SECRET = new Map([['here/Thing/one', new Map([['key', 'k:other']])]]);
const of = (scenery: Scenery) => planOf(scenery).plan.fingerprint;

describe('the fingerprint', () => {
  it('looks like one', () => {
    expect(of(base)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each<[string, Scenery]>([
    [
      'the order of manifests and of the listing',
      { manifests: [...manifests].reverse(), live: [...live].reverse() },
    ],
    [
      'the order of members',
      {
        ...base,
        live: live.map(({ id, spec }) => ({ id, spec: Object.fromEntries(Object.entries(spec).reverse()) })),
      },
    ],
    [
      'the ledger, which only says who moved',
      { ...base, ledger: { objects: recorded('one', 'a', { applied: { '/size': 'x' } }) } },
    ],
    ['secrets', { ...base, more: { baselines: createBaselines({ digest, writeOnly: OTHER_SECRET }) } }],
    ['objects that are not ours', { ...base, live: [...live, liveOf('c', { name: 'C' })] }],
    ['how many requests it took', { ...base, more: { reads: 99 } }],
    [
      'where a manifest stands',
      { ...base, manifests: manifests.map((m) => ({ ...m, source: { file: 'x.yaml', line: 9 } })) },
    ],
    [
      'how fast a target may be asked',
      { ...base, more: { targets: [{ ...target, concurrency: 9, timeoutMs: 5 }] } },
    ],
  ])('does not depend on %s', (_, scenery) => {
    expect(of(scenery)).toBe(of(base));
  });

  it('says nothing of what a plan hides, where no ledger has a salt for it', () => {
    const having = (note: string, size: number) => ({
      ...base,
      live: [liveOf('a', { ...live[0]?.spec, note, size }), ...live.slice(1)],
      more: { seal: undefined },
    });
    expect(of(having('pin-7391', 5))).toBe(of(having('pin-7392', 5)));
    expect(of(having('pin-7391', 5))).not.toBe(of(having('pin-7391', 6)));
  });

  it('depends on the salt of the ledger', () => {
    const sealed = (salt: string) => ({ ...base, more: { seal: () => salt } });
    expect(of(sealed('a'))).not.toBe(of(sealed('b')));
  });

  it.each<[string, Scenery]>([
    ['the host of a target', { more: { targets: [{ ...target, baseUrl: 'https://another.example.com' }] } }],
    ['the targets', { more: { targets: [target, { ...target, name: 'there' }] } }],
    [
      'where the credential of a target comes from',
      { more: { targets: [{ ...target, auth: { fromEnv: 'ANOTHER_ACCOUNT' } }] } },
    ],
  ])('depends on %s where there is nothing to change', (_, scenery) => {
    expect(of(scenery)).not.toBe(of({}));
  });

  it.each<[string, Scenery]>([
    ['the project', { ...base, more: { project: projectOf({ name: 'another' }) } }],
    [
      'where a secret comes from',
      {
        ...base,
        manifests: [
          manifestOf('one', { name: 'One', size: 1, key: { fromEnv: 'OTHER' } }),
          ...manifests.slice(1),
        ],
      },
    ],
    [
      'the guards of the project',
      {
        ...base,
        more: {
          project: projectOf({
            guards: { maxDelete: 5, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
          }),
        },
      },
    ],
    [
      'the host of a target',
      { ...base, more: { targets: [{ ...target, baseUrl: 'https://another.example.com' }] } },
    ],
    [
      'where the credential of a target comes from',
      { ...base, more: { targets: [{ ...target, auth: { fromEnv: 'ANOTHER_ACCOUNT' } }] } },
    ],
    ['what is wanted', { ...base, manifests: [manifestOf('one', { name: 'One', size: 9 })] }],
    [
      'what is there, managed or not',
      { ...base, live: [liveOf('a', { ...live[0]?.spec, color: 'red' }), ...live.slice(1)] },
    ],
    ['an id', { ...base, live: [liveOf('z', live[0]?.spec ?? {}), ...live.slice(1)] }],
    [
      'what the vendor does with it',
      {
        ...base,
        kind: kindOf({}, { update: (id, body) => ({ method: 'PUT', path: `/things/${id}`, body }) }),
      },
    ],
    ['an action', { ...base, live: live.slice(1) }],
  ])('depends on %s', (_, scenery) => {
    expect(of(scenery)).not.toBe(of(base));
  });
});
