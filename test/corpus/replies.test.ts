import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { vendors } from '../../src/vendors/index.generated.js';
import { count, printTally } from '../support/fuzz-runs.js';
import { type BrokenVendor, type Operation, openBrokenVendor, type Reply } from './broken-vendor.js';
import { expectCalm } from './calm.js';
import { anywhere, shapes } from './replies.js';
import { wanted } from './wanted.js';

printTally('broken replies');

/** Every reply meets every operation of every vendor in a soak run, and some of them otherwise. */
const SHARE = process.env.LLMFORM_FUZZ_RUNS === undefined ? 25 : 1;

// Repeated reads wait at random; chance has no place in a test, and neither has waiting.
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => void vi.restoreAllMocks());

describe.each(wanted)('$vendor $kind', (one) => {
  let vendor: BrokenVendor;
  beforeAll(async () => {
    vendor = await openBrokenVendor(one);
  });
  afterAll(() => vendor.close());

  const kind = vendors.find(({ id }) => id === one.vendor)?.kinds.find(({ name }) => name === one.kind);
  const operations: Operation[] = [
    'list',
    'create',
    ...(kind?.read === undefined ? [] : (['read'] as const)),
    ...(kind?.update === undefined ? [] : (['update'] as const)),
    'remove',
  ];

  it.each(operations)('answers to %s as documented without interference', async (operation) => {
    const run = await vendor.run(operation, undefined);
    expectCalm(run);
    expect(run.code, run.err).toBe(0);
  });

  it.each(operations)('a broken reply to %s is told, and nothing comes of it', async (operation) => {
    const offset = wanted.indexOf(one) + operations.indexOf(operation) * 3;
    const chosen = anywhere.filter(({ reply }, i) => !isFine(operation, reply) && (i + offset) % SHARE === 0);
    for (const { name, reply } of chosen) await expectTold(vendor, operation, name, reply);
    count(chosen.length);
  });

  it('a reply of almost the right shape is told, and nothing comes of it', async () => {
    const own = shapes[`${one.vendor}/${one.kind}`] ?? [];
    expect(own.length).toBeGreaterThan(0);
    for (const { name, operation, reply } of own) await expectTold(vendor, operation, name, reply);
    count(own.length);
  });
});

/** What a delete says in its body does not matter, and that the object is not there is what it was sent for. */
function isFine(operation: Operation, { status }: Reply): boolean {
  // An object that answers with 404 is absent, which is news and no mistake.
  if (status === 404) return operation === 'read' || operation === 'remove';
  return false;
}

async function expectTold(
  vendor: BrokenVendor,
  operation: Operation,
  name: string,
  reply: Reply,
): Promise<void> {
  const run = await vendor.run(operation, reply);
  const { code, out, err, writes, ledger } = run;
  const said = `${operation}, ${name}: exit ${code}\n${out}${err}`.slice(0, 3000);
  try {
    expectCalm(run, vendor.secrets);
  } catch (error) {
    throw new Error(said, { cause: error });
  }
  if (operation === 'list' || operation === 'read') {
    expect(code, said).toBe(1);
    expect(err, said).toMatch(/error\[(vendor|credential|identity)\]/);
    expect(writes, said).toEqual([]);
    expect(ledger.after, said).toBe(ledger.before);
  } else if (operation === 'remove') {
    // The emulated vendor did not remove anything. A vendor that says yes cannot be caught lying here.
    expect([0, 3], said).toContain(code);
  } else {
    expect(code, said).toBe(3);
    expect(out, said).toMatch(/failed|stale|not kept|did not keep/i);
  }
}
