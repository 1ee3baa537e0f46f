import { describe, expect, it } from 'vitest';
import type { Kind, Read } from '../../src/model/vendor.js';
import { VendorError } from '../../src/model/vendor-error.js';
import { listObjects, proveListing } from '../../src/prepare/list-objects.js';
import { readIfPresent } from '../../src/prepare/read-if-present.js';
import { kindOf } from '../support/kinds.js';

const read: Read = async () => ({ status: 200, body: {} });

/** A kind whose listings, of so many requests each, find these ids one after the other; the last is found for ever. */
function kindThatLists(requests: number, ...listings: (readonly string[] | 'incomplete')[]) {
  let listed = 0;
  const kind: Kind = kindOf(
    {},
    {
      async list(send) {
        for (let sent = 0; sent < requests; sent += 1) await send({ method: 'GET', path: '/things' });
        const ids = listings[Math.min(listed, listings.length - 1)] ?? [];
        listed += 1;
        if (ids === 'incomplete') throw new VendorError('incomplete', 'the list does not add up');
        return ids.map((id) => ({ id, spec: {} }));
      },
    },
  );
  return { kind, listed: () => listed };
}

const idsOf = (live: readonly { id: string }[]) => live.map(({ id }) => id);

describe('a listing that proves what it lacks', () => {
  it('is read once where one request gives it', async () => {
    const { kind, listed } = kindThatLists(1, ['a']);
    expect(idsOf(await proveListing(kind, read))).toEqual(['a']);
    expect(listed()).toBe(1);
  });

  it('is read until two in a row have the same objects, in whatever order', async () => {
    const { kind, listed } = kindThatLists(2, ['a', 'b'], ['b', 'c'], ['c', 'b'], ['d']);
    expect(idsOf(await proveListing(kind, read))).toEqual(['c', 'b']);
    expect(listed()).toBe(3);
  });

  it('goes on from one that was read before', async () => {
    const { kind, listed } = kindThatLists(2, ['a']);
    const first = { live: [{ id: 'a', spec: {} }], requests: 2 };
    expect(idsOf(await proveListing(kind, read, first))).toEqual(['a']);
    expect(listed()).toBe(1);
  });

  it('is read again where one does not add up', async () => {
    const { kind } = kindThatLists(2, ['a'], 'incomplete', ['a']);
    expect(idsOf(await proveListing(kind, read))).toEqual(['a']);
  });

  it('is incomplete where no two have the same objects', async () => {
    const { kind, listed } = kindThatLists(2, ['a'], ['b'], ['c'], ['d'], ['e']);
    await expect(proveListing(kind, read)).rejects.toMatchObject({ code: 'incomplete' });
    expect(listed()).toBe(4);
  });

  it('is what tells that an object is gone, of a kind that cannot read one', async () => {
    const { kind } = kindThatLists(2, ['a'], ['a', 'b'], ['a', 'b']);
    expect((await readIfPresent(kind, read, 'b'))?.id).toBe('b');
  });
});

it('a listing from which only presence is concluded is read once', async () => {
  const { kind, listed } = kindThatLists(2, ['a']);
  expect(idsOf(await listObjects(kind, read))).toEqual(['a']);
  expect(listed()).toBe(1);
});
