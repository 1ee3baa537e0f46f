import { describe, expect, it } from 'vitest';
import { createLookUps } from '../../src/apply/look-ups.js';
import type { Kind, Live } from '../../src/model/vendor.js';

const kind = { name: 'LLM' } as Kind;
const other = { name: 'Secret' } as Kind;

/** Listings that end when they are told to, and how many have begun. */
function listings() {
  const ends: ((live: Live[]) => void)[] = [];
  return { ends, list: () => new Promise<Live[]>((resolve) => void ends.push(resolve)) };
}

describe('a listing that looks for creates', () => {
  it('serves all that failed before it began, also once it is over', async () => {
    const lookUps = createLookUps();
    const { ends, list } = listings();
    const failed = [1, 2, 3].map(() => lookUps.begun('a', kind));
    const [first, second] = failed.slice(0, 2).map((begun) => lookUps.listAfter(begun, 'a', kind, list));
    ends[0]?.([]);
    expect(await first).toEqual([]);
    expect(second).toBe(first);
    expect(lookUps.listAfter(failed[2] ?? 0, 'a', kind, list)).toBe(first);
    expect(ends).toHaveLength(1);
  });

  it('serves none that failed after it began', () => {
    const lookUps = createLookUps();
    const { ends, list } = listings();
    void lookUps.listAfter(lookUps.begun('a', kind), 'a', kind, list);
    void lookUps.listAfter(lookUps.begun('a', kind), 'a', kind, list);
    expect(ends).toHaveLength(2);
  });

  it('serves neither another kind nor another target', () => {
    const lookUps = createLookUps();
    const { ends, list } = listings();
    void lookUps.listAfter(0, 'a', kind, list);
    void lookUps.listAfter(0, 'a', other, list);
    void lookUps.listAfter(0, 'b', kind, list);
    expect(ends).toHaveLength(3);
  });
});
