import { describe, expect, it } from 'vitest';
import { clientIdFor } from '../../../src/plan/match/identity.js';
import { kindOf, liveOf, manifestOf, plainKind, rules } from '../../support/kinds.js';
import { actions, planOf, recorded } from '../../support/planning.js';

const spec = { name: 'One', size: 1 };
const one = manifestOf('one', spec);
const mark = (name: string, project = 'tests') => ({ labels: { mark: `${project}/here/Thing/${name}` } });

describe('an object is found', () => {
  it('by metadata.id before anything else', () => {
    const live = [liveOf('a', { ...spec, ...mark('one') }), liveOf('b', { name: 'Other', size: 2 })];
    const ledger = { objects: recorded('one', 'a') };
    const planned = planOf({ manifests: [manifestOf('one', { size: 1 }, { id: 'b' })], live, ledger });
    expect(actions(planned)['here/Thing/one']).toBe('adopt b');
  });

  it('by metadata.id, and what it was before is not dropped in silence', () => {
    const live = [liveOf('a', { ...spec, ...mark('one') }), liveOf('b', { name: 'Other', size: 2 })];
    const ledger = { objects: recorded('one', 'a') };
    const { plan } = planOf({ manifests: [manifestOf('one', { size: 1 }, { id: 'b' })], live, ledger });
    expect(plan.diagnostics).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('was a until now') },
    ]);
  });

  it('by the ledger, whatever it is called by now', () => {
    const live = [liveOf('a', { name: 'Renamed', size: 1, ...mark('one') }), liveOf('b', spec)];
    const planned = planOf({ manifests: [one], live, ledger: { objects: recorded('one', 'a') } });
    expect(actions(planned)).toEqual({ 'here/Thing/one': 'update a' });
  });

  it('by its mark when the ledger does not know it, or knows what is gone', () => {
    const live = [liveOf('a', { ...spec, size: 2, ...mark('one') })];
    for (const objects of [{}, recorded('one', 'gone')]) {
      expect(actions(planOf({ manifests: [one], live, ledger: { objects } }))).toEqual({
        'here/Thing/one': 'update a',
      });
    }
  });

  it('by the id that we would have made', () => {
    const id = clientIdFor('tests', 'here/Thing/one');
    const kind = plainKind({ clientId: 'id' });
    const planned = planOf({ kind, manifests: [one], live: [liveOf(id, { name: 'Renamed', size: 1 })] });
    expect(actions(planned)).toEqual({ 'here/Thing/one': `update ${id}` });
  });

  it('by its name, for --adopt alone', () => {
    const scenery = { manifests: [one], live: [liveOf('a', { name: 'One', size: 2 })] };
    const offered = planOf(scenery);
    expect(offered.plan.changes).toMatchObject([
      { action: 'adopt', id: 'a', requests: [], blocked: { reason: 'not-adopted' } },
    ]);
    const taken = planOf({ ...scenery, options: { adopt: true } });
    expect(taken.plan.changes).toMatchObject([
      { action: 'adopt', requests: [{ method: 'PATCH', body: { size: 1, moreLabels: mark('one').labels } }] },
    ]);
  });

  it('not by a name that a marked object of another address has', () => {
    const planned = planOf({
      manifests: [one],
      live: [liveOf('a', { ...spec, ...mark('other', 'another-project') })],
    });
    expect(actions(planned)).toEqual({ 'here/Thing/one': 'create -' });
  });

  it('not by a name that the ledger knows by another address', () => {
    const planned = planOf({
      kind: plainKind(),
      manifests: [one],
      live: [liveOf('a', spec)],
      ledger: { objects: recorded('former', 'a') },
    });
    expect(actions(planned)).toEqual({ 'here/Thing/one': 'create -', 'here/Thing/former': 'orphan a' });
  });

  it('not twice: the surer claim wins, and the order of manifests does not matter', () => {
    const two = manifestOf('two', spec, { id: 'a' });
    for (const manifests of [
      [one, two],
      [two, one],
    ]) {
      const planned = planOf({ kind: plainKind(), manifests, live: [liveOf('a', spec)] });
      expect(actions(planned)).toEqual({ 'here/Thing/one': 'create -', 'here/Thing/two': 'adopt a' });
    }
  });
});

describe('an object is not guessed', () => {
  it.each([
    ['of one name', [liveOf('a', spec), liveOf('b', spec)]],
    ['with one mark', [liveOf('a', { ...spec, ...mark('one') }), liveOf('b', { ...spec, ...mark('one') })]],
  ])('among several %s', (_, live) => {
    const { plan } = planOf({ manifests: [one], live });
    expect(plan.changes).toEqual([]);
    expect(plan.diagnostics).toMatchObject([
      { severity: 'error', code: 'identity', address: one.address, file: 'one.yaml', line: 1 },
    ]);
    expect(plan.diagnostics[0]?.detail).toContain('a, b');
  });

  it('by an id that does not exist', () => {
    const { plan } = planOf({
      manifests: [manifestOf('one', spec, { id: 'nowhere' })],
      live: [liveOf('a', spec)],
    });
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ code: 'identity', path: '/metadata/id' }] });
  });

  it('by two manifests', () => {
    const ledger = { objects: recorded('one', 'a') };
    const { plan } = planOf({
      manifests: [one, manifestOf('two', spec, { id: 'a' })],
      live: [liveOf('a', { ...spec, ...mark('one') })],
      ledger,
    });
    expect(plan.diagnostics).toMatchObject([{ severity: 'error', code: 'identity' }]);
  });
});

describe('an object that another project has marked', () => {
  const live = [liveOf('a', { ...spec, ...mark('one', 'others') })];
  const bound = manifestOf('one', spec, { id: 'a' });

  it('is taken over only by its id, and only with --adopt', () => {
    const held = planOf({ manifests: [bound], live });
    expect(held.plan.changes).toMatchObject([
      { action: 'adopt', blocked: { reason: 'foreign', mark: 'others/here/Thing/one' } },
    ]);
    const taken = planOf({ manifests: [bound], live, options: { adopt: true } });
    expect(taken.plan.changes[0]).toMatchObject({ action: 'adopt', requests: [{ method: 'PATCH' }] });
    expect(taken.plan.changes[0]?.blocked).toBeUndefined();
  });

  it('is not ours any more, though the ledger says so, and never pruned', () => {
    const ledger = { objects: recorded('one', 'a') };
    const { plan } = planOf({ manifests: [one], live, ledger });
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ severity: 'error', code: 'identity' }] });
    const others = manifestOf('two', { name: 'Two' });
    const pruned = planOf({ manifests: [others], live, ledger, options: { prune: true } });
    expect(actions(pruned)).toEqual({ 'here/Thing/two': 'create -' });
  });
});

describe('what an interrupted apply created', () => {
  const intents = { 'here/Thing/one': { vendor: 'test', known: ['old'] } };

  it('is taken back without --adopt, and that is said', () => {
    const live = [liveOf('old', spec), liveOf('new', spec)];
    const { plan, unchanged } = planOf({ kind: plainKind(), manifests: [one], live, ledger: { intents } });
    expect(plan.changes).toEqual([]);
    expect(unchanged.map(({ live: { id } }) => id)).toEqual(['new']);
    expect(plan.diagnostics).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('taken back') },
    ]);
  });

  it('is found by the name that it was sent with, also when the manifest has another by now', () => {
    const begun = { 'here/Thing/one': { vendor: 'test', known: [], name: '["Old name"]' } };
    const live = [liveOf('new', { name: 'Old name', size: 1 })];
    const planned = planOf({ kind: plainKind(), manifests: [one], live, ledger: { intents: begun } });
    expect(actions(planned)).toEqual({ 'here/Thing/one': 'update new' });
  });

  it('is an orphan when its manifest is gone, and nothing when it may be a foreign object', () => {
    const intents = { 'here/Thing/gone': { vendor: 'test', known: ['old'], name: '["One"]' } };
    const alone = [liveOf('old', spec), liveOf('new', spec)];
    const matchInput = {
      kind: plainKind(),
      manifests: [manifestOf('two', { name: 'Two' })],
      ledger: { intents },
    };
    expect(actions(planOf({ ...matchInput, live: alone }))['here/Thing/gone']).toBe('orphan new');
    expect(actions(planOf({ ...matchInput, live: alone, options: { prune: true } }))['here/Thing/gone']).toBe(
      'delete new',
    );
    expect(
      actions(planOf({ ...matchInput, live: [...alone, liveOf('newer', spec)] }))['here/Thing/gone'],
    ).toBeUndefined();
  });

  it('takes over the keys of others that a replacement had in its hands', () => {
    const inherited = new Map([['here/Thing/one', { labels: { team: 'theirs', size: 'theirs' } }]]);
    const begun = { 'here/Thing/one': { vendor: 'test', known: [] } };
    const manifest = manifestOf('one', { ...spec, labels: { size: 'ours' } });
    const { plan } = planOf({ manifests: [manifest], ledger: { intents: begun }, more: { inherited } });
    expect(plan.changes[0]?.requests[0]?.body).toMatchObject({ labels: { team: 'theirs', size: 'ours' } });
  });

  it('is asked about when it might be one of several', () => {
    const live = [liveOf('new', spec), liveOf('newer', spec)];
    const { plan } = planOf({ kind: plainKind(), manifests: [one], live, ledger: { intents } });
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ severity: 'error', code: 'identity' }] });
  });

  it('is not an object with the name and no mark, where creates set a mark', () => {
    const planned = planOf({ manifests: [one], live: [liveOf('theirs', spec)], ledger: { intents } });
    expect(planned.plan.changes).toMatchObject([
      { action: 'adopt', id: 'theirs', blocked: { reason: 'not-adopted' } },
    ]);
  });

  it('is an object with all that was sent, where its map had no room for the mark', () => {
    const sent = { '/name': '="One"', '/size': '=1' };
    const begun = { 'here/Thing/one': { vendor: 'test', known: ['old'], name: '["One"]', sent } };
    const kind = kindOf({
      fields: { ...rules.fields, labels: { map: { replace: 'allLabels', max: 1 } } },
    });
    const full = { labels: { theirs: 'yes' } };
    const live = [liveOf('old', spec), liveOf('new', { name: 'One', size: 1, ...full })];
    const found = planOf({ kind, manifests: [one], live, ledger: { intents: begun } });
    expect(found.plan.diagnostics).toMatchObject([{ summary: expect.stringContaining('taken back') }]);
    // With room for a mark, the values alone tell nothing: what wrote them into the ledger may have read them off.
    const roomy = planOf({ manifests: [one], live, ledger: { intents: begun } });
    expect(roomy.plan.changes).toMatchObject([{ action: 'adopt', blocked: { reason: 'not-adopted' } }]);
    const gone = planOf({
      kind,
      manifests: [manifestOf('two', { name: 'Two' })],
      live,
      ledger: { intents: begun },
    });
    expect(actions(gone)['here/Thing/one']).toBe('orphan new');
  });

  it('goes with the old version that it was to take the place of', () => {
    const live = [liveOf('a', spec), liveOf('half', spec)];
    const ledger = {
      objects: recorded('one', 'a'),
      intents: { 'here/Thing/one': { vendor: 'test', known: ['a'] } },
    };
    const { plan } = planOf({ kind: plainKind({ writes: 'new-version' }), manifests: [one], live, ledger });
    expect(plan.changes).toMatchObject([
      { action: 'update', requests: [{ method: 'DELETE', path: '/things/half' }] },
    ]);
  });
});

describe('what has no manifest', () => {
  const live = [
    liveOf('a', { name: 'A' }),
    liveOf('b', { name: 'B', ...mark('marked') }),
    liveOf('c', { name: 'C' }),
  ];
  const ledger = { objects: { ...recorded('known', 'a'), ...recorded('gone', 'x') } };

  it('is an orphan where it is ours, and unheard of where it is not', () => {
    const planned = planOf({ manifests: [one], live, ledger });
    expect(actions(planned)).toEqual({
      'here/Thing/known': 'orphan a',
      'here/Thing/marked': 'orphan b',
      'here/Thing/one': 'create -',
    });
    expect(planned.forgotten).toEqual(['here/Thing/gone']);
  });

  it('is deleted when pruning, unless there are no manifests at all', () => {
    const options = { prune: true };
    expect(actions(planOf({ manifests: [one], live, ledger, options }))).toMatchObject({
      'here/Thing/known': 'delete a',
      'here/Thing/marked': 'delete b',
    });
    expect(actions(planOf({ live, ledger, options }))).toMatchObject({ 'here/Thing/known': 'orphan a' });
  });

  it('is kept when it is protected or in use', () => {
    const used = [
      liveOf('a', { name: 'A' }),
      liveOf('b', { name: 'B', ...mark('used') }, { usedBy: ['repository x'] }),
    ];
    const objects = { ...recorded('safe', 'a', { preventDestroy: true }), ...recorded('used', 'b') };
    const { plan } = planOf({ manifests: [one], live: used, ledger: { objects }, options: { prune: true } });
    const blocked = plan.changes.filter(({ action }) => action === 'delete');
    expect(blocked.map((change) => change.blocked)).toEqual([
      { reason: 'protected', from: 'delete' },
      { reason: 'in-use', by: ['repository x'], known: 'vendor' },
    ]);
    expect(blocked.flatMap(({ requests }) => requests)).toEqual([]);
  });

  it('is said to be kept, where the vendor would not let it go', () => {
    const used = [liveOf('b', { name: 'B', ...mark('used') }, { usedBy: ['repository x'] })];
    const objects = recorded('used', 'b');
    const { plan } = planOf({ manifests: [one], live: used, ledger: { objects }, options: { prune: true } });
    expect(plan.diagnostics).toMatchObject([
      { severity: 'warning', code: 'in-use', summary: expect.stringContaining('repository x') },
    ]);
  });

  it('has the mark of another project, and is not ours', () => {
    const planned = planOf({
      manifests: [one],
      live: [liveOf('b', { name: 'B', ...mark('marked', 'another') })],
    });
    expect(actions(planned)).toEqual({ 'here/Thing/one': 'create -' });
  });
});

describe('a replacement', () => {
  it.each([
    ['delete-first', ['DELETE', 'POST']],
    ['create-first', ['POST', 'DELETE']],
  ] as const)('is planned %s', (replace, methods) => {
    const { plan } = planOf({
      kind: kindOf({ replace }),
      manifests: [manifestOf('one', { name: 'One', owner: 'new' })],
      live: [liveOf('a', { name: 'One', owner: 'old', ...mark('one') })],
    });
    expect(plan.changes).toMatchObject([
      { action: 'replace', fields: [{ path: '/owner', forcesReplacement: true }] },
    ]);
    expect(plan.changes[0]?.requests.map(({ method }) => method)).toEqual(methods);
  });

  it('is held back by preventDestroy, until the manifest says otherwise', () => {
    const live = [liveOf('a', { name: 'One', owner: 'old', ...mark('one') })];
    const wanted = { name: 'One', owner: 'new' };
    const here = planOf({ manifests: [manifestOf('one', wanted, { preventDestroy: true })], live });
    const before = planOf({
      manifests: [manifestOf('one', wanted)],
      live,
      ledger: { objects: recorded('one', 'a', { preventDestroy: true }) },
    });
    expect(here.plan.changes).toMatchObject([
      { action: 'replace', blocked: { reason: 'protected', from: 'replace' }, requests: [] },
    ]);
    expect(before.plan.changes[0]).toMatchObject({ action: 'replace' });
    expect(before.plan.changes[0]?.blocked).toBeUndefined();
  });

  it('is said to be left alone, where the vendor would not let the old object go', () => {
    const live = [liveOf('a', { name: 'One', owner: 'old', ...mark('one') }, { usedBy: ['repository x'] })];
    const { plan } = planOf({ manifests: [manifestOf('one', { name: 'One', owner: 'new' })], live });
    expect(plan.changes).toMatchObject([{ action: 'replace', blocked: { reason: 'in-use' }, requests: [] }]);
    expect(plan.diagnostics).toMatchObject([
      { severity: 'warning', code: 'in-use', summary: expect.stringContaining('repository x') },
    ]);
  });
});

describe('an adoption', () => {
  it('of an object that would have to be replaced is no matter of protection, whatever its fields are called', () => {
    const kind = kindOf({ fields: { ...kindOf().rules.fields, protectedModel: { immutable: true } } });
    const { plan } = planOf({
      kind,
      manifests: [manifestOf('one', { protectedModel: 'new' }, { id: 'a' })],
      live: [liveOf('a', { protectedModel: 'old' })],
    });
    expect(plan.changes).toMatchObject([
      { action: 'adopt', blocked: { reason: 'immutable', fields: ['protectedModel'] } },
    ]);
    expect(plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'adopt' }]);
  });
});
