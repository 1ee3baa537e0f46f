import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/model/ledger.js';
import { manifestOf } from '../support/kinds.js';
import { type MemoryWorld, memoryWorld } from '../support/memory-world.js';

const named = (count: number) =>
  Array.from({ length: count }, (_, i) => manifestOf(`n${i}`, { name: `n${i}`, size: 1 }));
const addressOf = (name: unknown) => `here/Thing/${String(name)}`;
const posts = ({ sent }: MemoryWorld) => sent.filter((line) => line.startsWith('POST')).length;

/** A world whose ledger takes a while to be written. `durable` is what a kill would leave. */
function slowWorld(): { world: MemoryWorld; durable: Ledger[] } {
  const world = memoryWorld();
  const durable: Ledger[] = [];
  let next: Promise<void> | undefined;
  world.save = () => {
    next ??= (async () => {
      for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
      next = undefined;
      const text = structuredClone(world.ledger);
      await new Promise(setImmediate);
      durable.push(text);
    })();
    return next;
  };
  return { world, durable };
}

describe('the saves of many creates', () => {
  it('make each intent durable before its create is sent', async () => {
    const { world, durable } = slowWorld();
    const missing: unknown[] = [];
    world.hooks.before = ({ body }) => {
      if (durable.at(-1)?.intents[addressOf(body?.name)] === undefined) missing.push(body?.name);
    };
    const { outcomes } = await world.apply(named(40));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(40).fill('applied'));
    expect(missing).toEqual([]);
  });

  it('hold the intents of several at once, and never those of the whole run', async () => {
    const { world, durable } = slowWorld();
    await world.apply(named(400));
    const sizes = durable.map(({ intents }) => Object.keys(intents).length);
    expect(durable.length).toBeLessThan(200);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(200);
    expect(durable.at(-1)?.intents).toEqual({});
  });

  it('are through before a create is told', async () => {
    const { world, durable } = slowWorld();
    const early: string[] = [];
    world.told.push = (...outcomes) => {
      for (const { address } of outcomes)
        if (durable.at(-1)?.objects[address] === undefined) early.push(address);
      return 0;
    };
    await world.apply(named(40));
    expect(early).toEqual([]);
  });
});

describe('an intent whose create was not sent', () => {
  it('is gone when the run was stopped', async () => {
    const { world, durable } = slowWorld();
    world.hooks.before = () => world.stop.abort();
    const { outcomes } = await world.apply(named(40));
    expect(posts(world)).toBeGreaterThan(0);
    expect(durable.some(({ intents }) => Object.keys(intents).length > posts(world))).toBe(true);
    expect(durable.at(-1)?.intents).toEqual({});
    expect(Object.keys(durable.at(-1)?.objects ?? {})).toHaveLength(posts(world));
    const left = outcomes.filter(({ error }) => error?.code === 'interrupted');
    expect(left).toHaveLength(40 - posts(world));
    expect(left[0]?.error?.message).toBe('the run was interrupted before it was started');
  });

  it('gives way to that of an earlier run, which may have created something', async () => {
    const { world, durable } = slowWorld();
    const earlier = { vendor: 'test', known: [], name: '["n0"]', sent: { '/name': '="n0"' } };
    world.ledger.intents = { [addressOf('n0')]: earlier };
    const { save } = world;
    world.save = async () => {
      await save();
      world.stop.abort();
    };
    await world.apply(named(1));
    expect(posts(world)).toBe(0);
    expect(durable.at(-1)?.intents).toEqual({ [addressOf('n0')]: earlier });
  });
});
