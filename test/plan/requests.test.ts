import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import {
  buildCreateRequest,
  buildUpdateRequest,
  canUpdateField,
  ownershipMarkPatch,
} from '../../src/plan/requests.js';
import { kindOf, liveOf, plainKind, rules } from '../support/kinds.js';

const kind = kindOf();
const MARK = 'tests/here/Thing/one';
const live = liveOf('x', { labels: { mark: MARK, theirs: '1', a: '1' }, notes: { theirs: '1' } });

describe('a create', () => {
  it('has the mark, the id made here, and no key that is null', () => {
    const marked = kindOf({ clientId: 'id' });
    const spec = { size: 1, labels: { a: '1', gone: null } };
    expect(buildCreateRequest(marked, spec, MARK, 'uuid').body).toEqual({
      id: 'uuid',
      size: 1,
      labels: { a: '1', mark: MARK },
    });
    expect(buildCreateRequest(plainKind(), { size: 1 }, MARK, 'uuid').body).toEqual({ size: 1 });
  });
});

describe('an update', () => {
  it('holds the changed fields alone, under the names that an update takes', () => {
    const request = buildUpdateRequest(
      kind,
      live,
      { spec: { size: 1, color: 'red', format: 'even' }, fields: ['size', 'format'], maps: {} },
      MARK,
    );
    expect(request).toEqual({
      op: 'update',
      id: 'x',
      repeatable: true,
      method: 'PATCH',
      path: '/things/x',
      body: { size: 1, kind: 'even' },
    });
  });

  it('merges keys that are added, where the vendor can', () => {
    const maps = { labels: { set: { b: '2' }, removed: [] }, notes: { set: { b: '2' }, removed: [] } };
    expect(buildUpdateRequest(kind, live, { spec: {}, fields: [], maps }, MARK)?.body).toEqual({
      moreLabels: { b: '2' },
      notes: { theirs: '1', b: '2' },
    });
  });

  it('sends the whole map to take a key away, with the mark and the keys of others', () => {
    const maps = { labels: { set: { b: '2' }, removed: ['a'] } };
    expect(buildUpdateRequest(kind, live, { spec: {}, fields: [], maps }, MARK)?.body).toEqual({
      allLabels: { mark: MARK, theirs: '1', b: '2' },
    });
  });

  it('is not sent when there is nothing in it', () => {
    expect(buildUpdateRequest(kind, live, { spec: { size: 1 }, fields: [], maps: {} }, MARK)).toBeUndefined();
  });

  it('cannot express everything', () => {
    expect(canUpdateField(kind, 'size', 1)).toBe(true);
    expect(canUpdateField(kind, 'owner', 'x')).toBe(false);
    expect(canUpdateField(kind, 'format', 'odd')).toBe(false);
    expect(canUpdateField(kind, 'format', 'even')).toBe(true);
    const { update: _, ...fixed } = kind;
    expect(canUpdateField(fixed, 'size', 1)).toBe(false);
  });
});

describe('the mark', () => {
  it('is written where there is room for it and it is not there yet', () => {
    expect(ownershipMarkPatch(kind, live, MARK)).toEqual({});
    expect(ownershipMarkPatch(kind, liveOf('x', {}), MARK)).toEqual({
      labels: { set: { mark: MARK }, removed: [] },
    });
    expect(ownershipMarkPatch(plainKind(), liveOf('x', {}), MARK)).toEqual({});
  });

  describe('of a map that takes two keys', () => {
    const labels = { map: { replace: 'allLabels', merge: 'moreLabels', max: 2 } };
    const small = kindOf({ fields: { ...rules.fields, labels } });
    const update = (there: JsonObject, set: JsonObject, removed: string[] = []) =>
      buildUpdateRequest(
        small,
        liveOf('x', { labels: there }),
        { spec: {}, fields: [], maps: { labels: { set, removed } } },
        MARK,
      )?.body;

    it('is left out of a create that fills it', () => {
      const body = (own: JsonObject) => buildCreateRequest(small, { labels: own }, MARK).body;
      expect(body({ a: '1', b: '2' })).toEqual({ labels: { a: '1', b: '2' } });
      expect(body({ a: '1', b: null })).toEqual({ labels: { a: '1', mark: MARK } });
    });

    it('gives way to a key, and comes back when there is room', () => {
      expect(update({ a: '1', mark: MARK }, { b: '2' })).toEqual({ allLabels: { a: '1', b: '2' } });
      expect(update({ a: '1', b: '2' }, { b: '3' })).toEqual({ moreLabels: { b: '3' } });
      expect(update({ a: '1', b: '2' }, {}, ['b'])).toEqual({ allLabels: { a: '1', mark: MARK } });
    });

    it('is not put on an object that has no room', () => {
      expect(ownershipMarkPatch(small, liveOf('x', { labels: { a: '1', b: '2' } }), MARK)).toEqual({});
      const maps = { labels: { set: { b: '2' }, removed: [] } };
      expect(ownershipMarkPatch(small, liveOf('x', { labels: { a: '1' } }), MARK, maps)).toEqual({});
    });
  });
});
