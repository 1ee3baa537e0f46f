import { describe, expect, it } from 'vitest';
import { type Baseline, createBaselines } from '../../src/diff/baseline.js';
import { diffObject } from '../../src/diff/diff-object.js';
import { appliedValues } from '../../src/diff/stored-values.js';
import type { JsonObject } from '../../src/model/json.js';
import { digest, rules } from '../support/kinds.js';

const baseline = (more: Partial<Baseline> = {}): Baseline => ({
  ...createBaselines({ digest }).of('here/Thing/x', undefined),
  ...more,
});
const entry = (applied: Record<string, string>, notPersisted?: Record<string, string>) => ({
  entry: { vendor: 'test', id: 'x', applied, ...(notPersisted && { notPersisted }) },
});
const remembered = (spec: JsonObject) => entry(appliedValues(spec, rules, baseline()));

describe('what differs', () => {
  it('is what the manifest declares, and nothing else', () => {
    const diff = diffObject({ name: 'a', size: 2 }, { name: 'a', size: 1, color: 'red' }, rules, baseline());
    expect(diff).toEqual({
      changes: [{ path: '/size', before: 1, after: 2, cause: 'unknown' }],
      fields: ['size'],
      maps: {},
      notPersisted: [],
      rewritten: [],
    });
  });

  it('has no before where nothing is there', () => {
    expect(diffObject({ size: 2 }, {}, rules, baseline()).changes).toEqual([
      { path: '/size', after: 2, cause: 'unknown' },
    ]);
  });

  it('is shown with names escaped', () => {
    const { changes } = diffObject({ 'a/b': 1, labels: { 'c~d': 'x' } }, {}, rules, baseline());
    expect(changes.map(({ path }) => path)).toEqual(['/a~1b', '/labels/c~0d']);
  });
});

describe('the cause of a difference', () => {
  it.each([
    ['manifest', 1, 1, 2],
    ['drift', 2, 1, 2],
    ['both', 3, 1, 2],
  ])('is %s when %i was applied, %i is there and %i is wanted', (cause, applied, there, wanted) => {
    const diff = diffObject(
      { size: wanted },
      { size: there },
      rules,
      baseline(remembered({ size: applied })),
    );
    expect(diff.changes).toMatchObject([{ path: '/size', cause }]);
  });

  it('shows the third value of a conflict, where it was short enough to keep', () => {
    const conflict = (applied: string | number) =>
      diffObject({ size: 2 }, { size: 1 }, rules, baseline(remembered({ size: applied }))).changes[0];
    expect(conflict(3)).toEqual({ path: '/size', before: 1, after: 2, last: 3, cause: 'both' });
    expect(conflict('long '.repeat(50))).toEqual({ path: '/size', before: 1, after: 2, cause: 'both' });
  });

  it('is the manifest for a field that is declared for the first time', () => {
    const diff = diffObject(
      { size: 1, color: 'red' },
      { size: 1, color: 'blue' },
      rules,
      baseline(remembered({ size: 1 })),
    );
    expect(diff.changes).toMatchObject([{ path: '/color', cause: 'manifest' }]);
  });

  it.each([
    ['manifest', 'a', 'a', 'b'],
    ['drift', 'b', 'a', 'b'],
    ['both', 'c', 'a', 'b'],
  ])('is %s for a key of a map as well', (cause, applied, there, wanted) => {
    const known = baseline(remembered({ labels: { team: applied } }));
    const diff = diffObject({ labels: { team: wanted } }, { labels: { team: there } }, rules, known);
    expect(diff.changes).toMatchObject([{ path: '/labels/team', cause }]);
  });

  it('does not take another spelling for a change', () => {
    const known = baseline(remembered({ url: 'https://a.example.com/v1', tags: ['a', 'b'] }));
    const live = { url: 'https://moved.example.com', tags: ['b', 'a'] };
    const diff = diffObject({ url: 'https://a.example.com/v1/', tags: ['b', 'a'] }, live, rules, known);
    expect(diff.changes).toMatchObject([{ path: '/url', cause: 'drift' }]);
  });
});

describe('an object whose members are the fixed ones of the vendor', () => {
  const fixed = {
    ...rules,
    fields: { ...rules.fields, flags: { map: { replace: 'flags', fixed: true as const } } },
  };

  it('differs in declared members only, and loses none', () => {
    const known = baseline(entry({ '/flags/a': '=true', '/flags/b': '=true' }));
    const diff = diffObject({ flags: { a: false } }, { flags: { a: true, b: true } }, fixed, known);
    expect(diff).toMatchObject({
      changes: [{ path: '/flags/a', before: true, after: false, cause: 'manifest' }],
      maps: { flags: { set: { a: false }, removed: [] } },
    });
  });
});

describe('a write-only field', () => {
  const spec = { key: { fromEnv: 'KEY' } };

  it('is equal when its digest is', () => {
    const known = { ...entry({ '/key': 'k:1' }), writeOnly: new Map([['key', 'k:1']]) };
    expect(diffObject(spec, {}, rules, baseline(known)).changes).toEqual([]);
  });

  it.each([
    ['changed', { '/key': 'k:0' }, 'k:1', 'manifest'],
    ['never sent from here', {}, 'k:1', 'manifest'],
    ['not to be resolved', { '/key': 'k:0' }, undefined, 'unknown'],
  ])('is a change without values when it is %s', (state, applied, wanted, cause) => {
    const known = { ...entry(applied), writeOnly: new Map(wanted === undefined ? [] : [['key', wanted]]) };
    const { changes, fields } = diffObject(spec, {}, rules, baseline(known));
    const rotated = state === 'changed' ? { rotated: true } : {};
    expect(changes).toEqual([
      { path: '/key', cause, ...rotated, sensitive: true, from: [{ fromEnv: 'KEY' }] },
    ]);
    expect(fields).toEqual(['key']);
  });

  it('is trusted once, where it is unknown', () => {
    const writeOnly = new Map([['key', 'k:1']]);
    expect(diffObject(spec, {}, rules, baseline({ writeOnly, trustSecrets: true })).changes).toEqual([]);
    const changed = { ...entry({ '/key': 'k:0' }), writeOnly, trustSecrets: true };
    expect(diffObject(spec, {}, rules, baseline(changed)).changes).toHaveLength(1);
  });

  it('shows its value where it is no secret', () => {
    const writeOnly = new Map([['vault', 'd:1']]);
    expect(diffObject({ vault: 'uuid' }, {}, rules, baseline({ writeOnly })).changes).toEqual([
      { path: '/vault', after: 'uuid', cause: 'unknown' },
    ]);
  });
});

describe('a value that the vendor does not keep', () => {
  const dropped = entry(appliedValues({ size: 2 }, rules, baseline()), { '/size': '=["=2","=null"]' });

  it('is no change, and is told apart', () => {
    const diff = diffObject({ size: 2 }, { size: null }, rules, baseline(dropped));
    expect(diff).toMatchObject({ changes: [], fields: [], notPersisted: ['/size'] });
  });

  it('is a change again when the vendor has something else by now', () => {
    expect(diffObject({ size: 2 }, { size: 7 }, rules, baseline(dropped)).changes).toMatchObject([
      { path: '/size', before: 7, after: 2, cause: 'drift' },
    ]);
  });

  it('is a change again when the manifest asks for another one', () => {
    expect(diffObject({ size: 3 }, {}, rules, baseline(dropped)).changes).toMatchObject([
      { path: '/size', after: 3 },
    ]);
  });
});

describe('what is remembered', () => {
  it('is each field and each key, and never what is write-only', () => {
    const spec = { size: 2, labels: { team: 'a', gone: null }, key: { fromEnv: 'KEY' }, vault: 'v' };
    const applied = appliedValues(spec, rules, baseline({ writeOnly: new Map([['key', 'k:1']]) }));
    expect(Object.keys(applied).sort()).toEqual(['/key', '/labels/team', '/size']);
    expect(applied).toMatchObject({ '/key': 'k:1', '/labels/team': '="a"', '/size': '=2' });
  });

  it('is a digest where a value is long', () => {
    const applied = appliedValues({ size: 'long '.repeat(50) }, rules, baseline());
    expect(applied['/size']).toBe(digest(JSON.stringify('long '.repeat(50))));
  });
});
