import { describe, expect, it } from 'vitest';
import { runWithLag } from './campaign.js';

describe('a vendor that shows writes up to eight seconds late', () => {
  // The same runs every time; the soak lane has many more.
  it.each(Array.from({ length: 20 }, (_, i) => 20261128 + i))('doubles nothing, seed %i', async (seed) => {
    const { story, doubled, faults } = await runWithLag(seed);
    expect({ doubled, faults }, story.join('\n')).toEqual({ doubled: 0, faults: [] });
  });
});
