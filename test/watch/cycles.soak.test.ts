import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { soak } from '../support/watch-soak.js';

it.skipIf(!existsSync('/proc/self/fd'))('memory and handles stay flat over 2,000 cycles', async () => {
  const figures = await soak(2_000);
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  const { warm, end } = figures;
  expect(end.handles).toBeLessThanOrEqual(warm.handles + 3);
  // A thousand runs lie between the two: 4 KiB each would show.
  expect(end.heapMb - warm.heapMb).toBeLessThan(4);
  expect(end.rssMb - warm.rssMb).toBeLessThan(40);
});
