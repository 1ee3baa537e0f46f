import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { soak } from '../support/watch-soak.js';

it.skipIf(!existsSync('/proc/self/fd'))(
  'a hundred cycles leave no handle open and little behind',
  async () => {
    const { warm, end } = await soak(100);
    expect(end.handles).toBeLessThanOrEqual(warm.handles + 3);
    expect(end.heapMb - warm.heapMb).toBeLessThan(8);
  },
);
