import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../../../src/model/blocked.js';
import { decide, type WritePolicy } from '../../../src/watch/reconcile/decide.js';
import { manifestOf } from '../../support/kinds.js';
import { memoryWorld } from '../../support/memory-world.js';
import { recorded } from '../../support/planning.js';

const closed: HeldBack = { reason: 'window', windows: ['Mon 9:00, 8h'] };
const fight: HeldBack = { reason: 'fight', address: 'here/Thing/changed', paths: ['/size'], times: 3 };

/** One object to create, one to update, one to delete. */
async function decided(around: Partial<WritePolicy>) {
  const ports = memoryWorld();
  const names = ['changed', 'gone'];
  for (const name of names) {
    ports.objects.set(name, { name, size: 1 });
    Object.assign(ports.ledger.objects, recorded(name, name));
  }
  const manifests = names
    .filter((name) => name !== 'gone')
    .map((name) => manifestOf(name, { name, size: 2 }));
  const prepared = await ports.plan([...manifests, manifestOf('new', { name: 'new' })], { prune: true });
  const before = structuredClone(prepared.plan);
  const desiredState = { project: ports.project, targets: [], manifests: [], ledger: ports.ledger };
  const decision = decide(prepared, desiredState, {
    mode: 'apply',
    approved: false,
    closed: () => undefined,
    fight: () => undefined,
    ...around,
  });
  expect(prepared.plan).toEqual(before);
  return decision;
}

const held = async (around: Partial<WritePolicy>) =>
  Object.fromEntries([...(await decided(around)).held].map(([address, why]) => [address, why.reason]));

describe('what watch does with a plan', () => {
  it('is nothing where it only observes', async () => {
    const decision = await decided({ mode: 'observe' });
    expect(decision).toMatchObject({ write: false, observed: true, guard: false });
    expect(decision.reasons).toEqual(['the mode is observe: nothing is written']);
    expect([...decision.held.keys()].sort()).toEqual([
      'here/Thing/changed',
      'here/Thing/gone',
      'here/Thing/new',
    ]);
  });

  it('is everything but deleting where it heals', async () => {
    expect(await held({ mode: 'heal' })).toEqual({ 'here/Thing/gone': 'mode' });
    expect(await decided({ mode: 'heal' })).toMatchObject({ write: true, keepsRetired: true });
  });

  it('is nothing while no window is open', async () => {
    const decision = await decided({ closed: () => closed });
    expect(decision.write).toBe(false);
    expect(decision.reasons).toEqual(['no sync window is open (Mon 9:00, 8h)']);
  });

  it('leaves out a flapping object', async () => {
    const around = { fight: (address: string) => (address === fight.address ? fight : undefined) };
    expect(await held({ mode: 'heal', ...around })).toEqual({
      'here/Thing/changed': 'fight',
      'here/Thing/gone': 'mode',
    });
  });

  it('leaves out deletions alone where they go beyond a guard', async () => {
    const decision = await decided({});
    expect([...decision.held]).toEqual([
      ['here/Thing/gone', { reason: 'guard', refusal: { guard: 'maxDelete', actual: 1, limit: 0 } }],
    ]);
    expect(decision).toMatchObject({ write: true, guard: true });
  });

  it('is all of it where exactly this plan was approved', async () => {
    const decision = await decided({ mode: 'observe', approved: true, closed: () => closed });
    expect(decision).toMatchObject({ write: true, observed: false, guard: false, reasons: [] });
    expect([...decision.held]).toEqual([]);
  });

  it('does not hold once a window has closed', async () => {
    let open = true;
    const decision = await decided({ closed: () => (open ? undefined : closed) });
    expect(decision.holdsStill()).toBe(true);
    open = false;
    expect(decision.holdsStill()).toBe(false);
  });
});

it('writes to the ledger alone where a value is kept after all', async () => {
  const ports = memoryWorld();
  ports.objects.set('a', { name: 'one', size: 2 });
  const manifests = [manifestOf('one', { name: 'one', size: 2 })];
  const write = async (more: object) => {
    ports.ledger.objects = recorded('one', 'a', more);
    const prepared = await ports.plan(manifests);
    const desiredState = { project: ports.project, targets: [], manifests: [], ledger: ports.ledger };
    const policy = {
      mode: 'heal',
      approved: false,
      closed: () => undefined,
      fight: () => undefined,
    } as const;
    return decide(prepared, desiredState, policy).write;
  };
  expect(await write({})).toBe(false);
  expect(await write({ notPersisted: { '/size': 'what it was instead' } })).toBe(true);
});
