import type { Fault, FaultEffect } from '../../src/emulator/index.js';
import type { Json } from '../../src/model/json.js';
import { idIn, TARGET } from '../contract/subject.js';
import { type Sandbox, variableOf } from '../support/sandbox.js';
import type { Cell } from './cells.js';
import { struckName } from './operations.js';
import type { FaultProxy, WireFault } from './proxy.js';

/** From here on things go wrong: at once, or at the request that the operation is about. */
export function strike(cell: Cell, sandbox: Sandbox, proxy: FaultProxy | undefined): void {
  const { subject, operation, fault } = cell;
  const { emulator } = sandbox;
  const method = operation.method(subject.kind);
  if (fault.strike.by === 'network') {
    if (fault.strike.does === 'refuse') return void proxy?.refuseAfter(operation.skips);
    const { spoil, swallowed } = fault.strike;
    const path = new RegExp(`^${collectionOf(cell)}(?=[/?]|$)`);
    const wire: WireFault = {
      method,
      path,
      spoil,
      ...(swallowed && { swallowed }),
      ...(fault.once && { times: 1 }),
    };
    if (operation.name !== 'read back') return void proxy?.strike(wire);
    const run = () => proxy?.strike(wire);
    const created = { method: 'POST', kind: subject.kind.name };
    emulator.faults.push({ match: created, times: 1, effect: { type: 'meanwhile', run: () => void run() } });
    return;
  }
  if (fault.strike.by === 'somebody') {
    const move = mover(cell, sandbox, fault.strike.does);
    if (operation.name !== 'read back' && operation.name !== 'update') return move();
    const match = { method, kind: subject.kind.name };
    const moving: Fault = { match, times: 1, effect: { type: 'meanwhile', run: move } };
    return afterTheWrite(cell, sandbox, moving);
  }
  emulator.faults.length = 0;
  afterTheWrite(cell, sandbox, {
    match: { method, kind: subject.kind.name },
    ...(fault.once && { times: 1 }),
    effect: 'echoes' in fault.strike ? echo(cell, sandbox) : fault.strike.effect,
  });
}

/** A refusal that repeats the secrets of this run in every documented member: plain, URL-encoded and in base64. */
function echo({ subject, operation }: Cell, { env }: Sandbox): FaultEffect {
  const declared = JSON.stringify([...subject.needed, ...operation.after(subject)]);
  const used = Object.entries(env).filter(
    ([name]) => name === variableOf(TARGET) || declared.includes(`{"fromEnv":"${name}"}`),
  );
  const [first = '', ...others] = used.map(([, secret = '']) => secret).reverse();
  const message = `bad value ${[first, ...others].join(' or ')}`;
  const body: Json = {
    message,
    error: `bad value ${encodeURIComponent(first)}`,
    detail: [first, ...others].map((secret) => ({
      loc: ['body', 'value'],
      msg: `bad value ${Buffer.from(secret).toString('base64')}`,
      input: secret,
    })),
    data: [{ message }],
  };
  return { type: 'status', status: 422, body };
}

/** Reading back is struck once something was written; everything else has its turn at once. */
function afterTheWrite({ subject, operation }: Cell, { emulator }: Sandbox, fault: Fault): void {
  if (operation.name !== 'read back') return void emulator.faults.push(fault);
  const run = () => void emulator.faults.push(fault);
  const match = { method: 'POST', kind: subject.kind.name };
  emulator.faults.push({ match, times: 1, effect: { type: 'meanwhile', run } });
}

/** A cell in which nothing goes wrong would pass for no reason. */
export function wasStruck(
  { subject, operation, fault }: Cell,
  { emulator }: Sandbox,
  proxy: FaultProxy | undefined,
): boolean {
  if (proxy !== undefined)
    return fault.strike.by === 'network' && (fault.strike.does === 'refuse' || proxy.struck() > 0);
  const method = operation.method(subject.kind);
  const spent = emulator.faults.every(({ times }) => times === undefined);
  // What somebody has moved in time is not written at all.
  return (
    spent && (fault.strike.by === 'somebody' || emulator.requests.some((sent) => sent.method === method))
  );
}

/** Somebody removes the struck object, or gives it another name. */
function mover({ subject, operation }: Cell, sandbox: Sandbox, does: 'vanish' | 'change'): () => void {
  const { kind, fixture } = subject;
  const address = subject.address(struckName(operation));
  return () => {
    // What has only just been created is not in the ledger yet, and is the newest.
    const id = sandbox.ledger().objects[address]?.id ?? idIn(subject, subject.objects(sandbox).at(-1));
    if (does === 'vanish') sandbox.emulator.drop(kind.name, id);
    else {
      const [name = ''] = kind.rules.naturalName;
      sandbox.emulator.put(kind.name, { [fixture.idField]: id, [name]: 'renamed-elsewhere' });
    }
  };
}

function collectionOf({ subject }: Cell): string {
  return subject.kind.create({}).path;
}
