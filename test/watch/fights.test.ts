import { describe, expect, it } from 'vitest';
import { openFights } from '../../src/watch/fights.js';

const MINUTE = 60_000;
const model = { address: 't/LLM/a', path: '/modelName' };

describe('fights', () => {
  it('begin when the same field of the same object is healed for the third time within an hour', () => {
    const fights = openFights();
    expect(fights.note([model], 0)).toEqual([]);
    expect(fights.note([model, { address: 't/LLM/b', path: '/modelName' }], MINUTE)).toEqual([]);
    expect(fights.note([{ ...model, path: '/urls' }], 2 * MINUTE)).toEqual([]);
    expect(fights.reason('t/LLM/a', 2 * MINUTE)).toBeUndefined();
    expect(fights.note([model], 59 * MINUTE)).toEqual(['t/LLM/a']);
    expect(fights.reason('t/LLM/a', 59 * MINUTE)).toMatchObject({ paths: ['/modelName'] });
    expect(fights.reason('t/LLM/b', 59 * MINUTE)).toBeUndefined();
  });

  it('do not begin over healings that lie further apart', () => {
    const fights = openFights();
    for (let i = 0; i < 20; i += 1) expect(fights.note([model], i * 31 * MINUTE)).toEqual([]);
  });

  it('are over after an hour, and counted anew', () => {
    const fights = openFights();
    for (let i = 0; i < 3; i += 1) fights.note([model], i);
    expect(fights.reason(model.address, 60 * MINUTE)).toMatchObject({ times: 3 });
    expect(fights.reason(model.address, 60 * MINUTE + 2)).toBeUndefined();
    expect(fights.note([model], 61 * MINUTE)).toEqual([]);
  });

  it('are forgotten when somebody decides', () => {
    const fights = openFights();
    for (let i = 0; i < 3; i += 1) fights.note([model, { ...model, address: 'u/LLM/a' }], i);
    fights.forget((address) => address.startsWith('t/'));
    expect(fights.reason('t/LLM/a', 3)).toBeUndefined();
    expect(fights.reason('u/LLM/a', 3)).toBeDefined();
  });
});
