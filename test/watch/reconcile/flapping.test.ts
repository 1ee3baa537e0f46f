import { describe, expect, it } from 'vitest';
import { createFlapDetector } from '../../../src/watch/reconcile/flapping.js';

const MINUTE = 60_000;
const model = { address: 't/LLM/a', path: '/modelName' };

describe('fights', () => {
  it('begin when the same field of the same object is healed for the third time within an hour', () => {
    const flapping = createFlapDetector();
    expect(flapping.record([model], 0)).toEqual([]);
    expect(flapping.record([model, { address: 't/LLM/b', path: '/modelName' }], MINUTE)).toEqual([]);
    expect(flapping.record([{ ...model, path: '/urls' }], 2 * MINUTE)).toEqual([]);
    expect(flapping.reason('t/LLM/a', 2 * MINUTE)).toBeUndefined();
    expect(flapping.record([model], 59 * MINUTE)).toEqual(['t/LLM/a']);
    expect(flapping.reason('t/LLM/a', 59 * MINUTE)).toMatchObject({ paths: ['/modelName'] });
    expect(flapping.reason('t/LLM/b', 59 * MINUTE)).toBeUndefined();
  });

  it('do not begin over healings that lie further apart', () => {
    const flapping = createFlapDetector();
    for (let i = 0; i < 20; i += 1) expect(flapping.record([model], i * 31 * MINUTE)).toEqual([]);
  });

  it('are over after an hour, and counted anew', () => {
    const flapping = createFlapDetector();
    for (let i = 0; i < 3; i += 1) flapping.record([model], i);
    expect(flapping.reason(model.address, 60 * MINUTE)).toMatchObject({ times: 3 });
    expect(flapping.reason(model.address, 60 * MINUTE + 2)).toBeUndefined();
    expect(flapping.record([model], 61 * MINUTE)).toEqual([]);
  });

  it('are forgotten after a decision', () => {
    const flapping = createFlapDetector();
    for (let i = 0; i < 3; i += 1) flapping.record([model, { ...model, address: 'u/LLM/a' }], i);
    flapping.forget((address) => address.startsWith('t/'));
    expect(flapping.reason('t/LLM/a', 3)).toBeUndefined();
    expect(flapping.reason('u/LLM/a', 3)).toBeDefined();
  });
});
