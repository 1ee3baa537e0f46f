import { expect, it } from 'vitest';
import { readsFrom, type Sandbox, writesTo } from '../../support/sandbox.js';
import { driftingField, idIn, moveBehindOurBack, type Subject } from '../subject.js';

/** A vendor whose reads show for a while what was there before a write. */
export function lagCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const { rules } = kind;
  const field = driftingField(subject);
  const { value = null } = fixture.changes[field] ?? {};
  const one = subject.manifest('one', fixture.numbered(1));
  const two = subject.manifest('two', fixture.numbered(2));
  const moved = subject.manifest('one', { ...fixture.numbered(1), [field]: value });
  const emptyPlan = async (sandbox: Sandbox) => (await sandbox.plan('--prune')).plan.changes;
  const ids = (sandbox: Sandbox) => subject.objects(sandbox).map((object) => idIn(subject, object));

  /** A create whose answer is lost, and which reads show so much later. */
  const loseAnswer = async (sandbox: Sandbox, ms: number) => {
    sandbox.emulator.lag.creates = ms;
    sandbox.emulator.faults.push({
      match: { method: 'POST', kind: kind.name },
      times: 1,
      effect: { type: 'status', status: 500, applied: true },
    });
    sandbox.declare(...subject.needed, one);
    expect((await sandbox.apply()).code).toBe(3);
  };

  it('is not written to twice while a create is not shown', async () => {
    const sandbox = await subject.settled();
    sandbox.emulator.lag.creates = 8_000;
    sandbox.declare(...subject.needed, one);
    const { code, err } = await sandbox.apply();
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('shows it now') });
    expect(await emptyPlan(sandbox)).toEqual([]);
    expect(ids(sandbox)).toHaveLength(1);
  });

  it('is looked at again for what an apply created that did not wait', async () => {
    const sandbox = await subject.settled(one);
    const id = subject.idOf(sandbox, 'one');
    // Gone from all reads for six seconds, as a listing that lags shows it.
    const [object = {}] = subject.objects(sandbox);
    sandbox.emulator.drop(kind.name, id);
    sandbox.emulator.lag.creates = 6_000;
    moveBehindOurBack(subject, sandbox.emulator, id, object);
    expect((await sandbox.apply()).code).toBe(0);
    expect(ids(sandbox)).toEqual([id]);
    expect(subject.idOf(sandbox, 'one')).toBe(id);
  });

  it('takes an object for gone once its last write is long enough ago', async () => {
    const sandbox = await subject.settled(one);
    sandbox.clock.advance(60_000);
    sandbox.emulator.drop(kind.name, subject.idOf(sandbox, 'one'));
    const before = sandbox.clock.now();
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'create' }]);
    expect(sandbox.clock.now()).toBe(before);
  });

  it('waits one window at most for an object that was written in the future', async () => {
    const sandbox = await subject.settled(one);
    const ledger = sandbox.ledger();
    const objects = Object.entries(ledger.objects).map(([address, entry]) => [
      address,
      { ...entry, at: '2099-01-01T00:00:00.000Z' },
    ]);
    sandbox.saveLedger({ ...ledger, objects: Object.fromEntries(objects) });
    sandbox.emulator.drop(kind.name, subject.idOf(sandbox, 'one'));
    const before = sandbox.clock.now();
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'create' }]);
    expect(sandbox.clock.now() - before).toBe(10_000);
  });

  it('doubles nothing when the answer to a create is lost as well', async () => {
    const sandbox = await subject.settled();
    await loseAnswer(sandbox, 7_500);
    expect((await sandbox.apply()).code).toBe(0);
    expect(ids(sandbox)).toEqual([subject.idOf(sandbox, 'one')]);
    expect(await emptyPlan(sandbox)).toEqual([]);
  });

  it('shows both objects where a create appeared after it was repeated, and removes none', async () => {
    const sandbox = await subject.settled();
    await loseAnswer(sandbox, 120_000);
    sandbox.emulator.lag.creates = 0;
    sandbox.clock.advance(90_000);
    const again = await sandbox.apply();
    // A name that is unique and an id that we make let no second one come to be.
    if (ids(sandbox).length === 1) return expect(again.code).toBe(3);
    sandbox.clock.advance(120_000);
    for (const flags of [[], ['--prune']]) {
      const { plan } = await sandbox.plan(...flags);
      expect(plan.changes).toEqual([]);
      const shown = plan.diagnostics.find(({ summary }) => summary.includes('has 2 live objects'));
      for (const id of ids(sandbox)) expect(shown?.summary).toContain(id);
      expect(shown?.detail).toContain('If it is the right one, delete');
    }
  });

  if (kind.update !== undefined) {
    it('remembers nothing as not kept that was read back too early', async () => {
      const sandbox = await subject.settled(one);
      sandbox.emulator.lag.updates = 5_000;
      sandbox.declare(...subject.needed, moved);
      const { code, report } = await sandbox.apply();
      expect({ code, outcomes: report.outcomes }).toMatchObject({
        code: 0,
        outcomes: [{ status: 'applied' }],
      });
      expect(report.outcomes[0]?.notPersisted).toBeUndefined();
      expect(sandbox.ledger().objects[subject.address('one')]?.notPersisted).toBeUndefined();
      expect(await emptyPlan(sandbox)).toEqual([]);
    });

    it('drops what it remembers as not kept as soon as the new value is seen', async () => {
      const sandbox = await subject.settled(one);
      const before = subject.objects(sandbox)[0]?.[field] ?? null;
      sandbox.emulator.lag.updates = 25_000;
      sandbox.declare(...subject.needed, moved);
      expect((await sandbox.apply()).code).toBe(3);
      sandbox.emulator.lag.updates = 0;
      sandbox.clock.advance(30_000);
      expect((await sandbox.apply()).code).toBe(0);
      expect(sandbox.ledger().objects[subject.address('one')]?.notPersisted).toBeUndefined();
      // From here on, a value that someone sets back is drift like any other.
      moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), { [field]: before });
      expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'update' }]);
    });

    it('reads an object again at most two seconds before it is written', async () => {
      const sandbox = await subject.open({
        targets: { here: { vendor: subject.vendor.id, rest: { concurrency: 1 } } },
      });
      sandbox.declare(...subject.needed, one, two);
      expect((await sandbox.apply()).code).toBe(0);
      sandbox.declare(
        ...subject.needed,
        moved,
        subject.manifest('two', { ...fixture.numbered(2), [field]: fixture.numbered(4)[field] ?? value }),
      );
      sandbox.emulator.requests.length = 0;
      // While the first is written, which takes its time, someone edits the second.
      const other = fixture.numbered(3)[field] ?? 'edited by someone else';
      sandbox.emulator.faults.push({
        match: { kind: kind.name, method: kind.update?.('x', {}).method ?? '' },
        times: 1,
        effect: {
          type: 'meanwhile',
          run: () => {
            sandbox.clock.advance(3_000);
            moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'two'), { [field]: other });
          },
        },
      });
      const { code, report } = await sandbox.apply();
      expect({ code, outcomes: report.outcomes }).toMatchObject({
        code: 3,
        outcomes: [{ status: 'applied' }, { status: 'stale' }],
      });
      expect(writesTo(sandbox.emulator)).toHaveLength(1);
    });
  }

  it('is waited for until a removed object is gone from its reads', async () => {
    const sandbox = await subject.settled(one, two);
    const id = subject.idOf(sandbox, 'two');
    sandbox.emulator.lag.deletes = 6_000;
    sandbox.declare(...subject.needed, one);
    expect((await sandbox.apply('--prune', '--max-delete', '1')).code).toBe(0);
    expect(ids(sandbox)).not.toContain(id);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
    expect(await emptyPlan(sandbox)).toEqual([]);
  });

  it('costs nothing where it shows everything at once', async () => {
    const sandbox = await subject.settled(one);
    const before = sandbox.clock.now();
    await sandbox.plan();
    expect(readsFrom(sandbox.emulator)).toHaveLength(subject.listings);
    expect(sandbox.clock.now()).toBe(before);
  });

  const { mark } = rules;
  if (mark === undefined) return;

  it('shows a second object with our mark, also with --prune, and leaves it alone', async () => {
    const sandbox = await subject.settled(one);
    const [object = {}] = subject.objects(sandbox);
    const { [fixture.idField]: first, ...copy } = object;
    const second = sandbox.emulator.put(kind.name, copy);
    for (const flags of [[], ['--prune', '--max-delete', '9']]) {
      const { code, report } = await sandbox.apply(...flags);
      expect(code).toBe(0);
      const shown = report.diagnostics.find(({ summary }) => summary.includes('has 2 live objects'));
      expect(shown?.summary).toContain(`${first}, ${second}`);
      expect(shown?.detail).toContain('set metadata.id to it');
    }
    expect(ids(sandbox)).toHaveLength(2);
  });

  it('shows an object under our id that has neither our mark nor our name, and overwrites nothing', async () => {
    const sandbox = await subject.settled(one);
    const id = subject.idOf(sandbox, 'one');
    const names = Object.fromEntries(rules.naturalName.map((name) => [name, 'of someone else']));
    moveBehindOurBack(subject, sandbox.emulator, id, { ...names, [mark.field]: {} });
    const { plan, code } = await sandbox.plan();
    expect({ code, changes: plan.changes }).toEqual({ code: 1, changes: [] });
    const shown = plan.diagnostics.find(({ code: what }) => what === 'identity');
    expect(shown?.summary).toContain(`${id} has neither the ownership mark nor the name`);
    expect((await sandbox.apply()).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);

    sandbox.declare(...subject.needed, { ...one, metadata: { name: 'one', id } });
    expect((await sandbox.apply()).code).toBe(0);
    expect(await emptyPlan(sandbox)).toEqual([]);
  });
}
