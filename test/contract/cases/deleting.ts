import { expect, it } from 'vitest';
import { writesTo } from '../../support/sandbox.js';
import { idIn, type Subject } from '../subject.js';

/** What happens to an object of ours whose manifest is gone. */
export function deletingCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const one = subject.manifest('one', fixture.numbered(1));
  const two = subject.manifest('two', fixture.numbered(2));
  const withoutTwo = async () => {
    const sandbox = await subject.settled(one, two);
    const id = subject.idOf(sandbox, 'two');
    sandbox.declare(...subject.needed, one);
    return { sandbox, id };
  };

  it('only reports an orphan', async () => {
    const { sandbox, id } = await withoutTwo();
    const { code, plan } = await sandbox.plan('--detailed-exitcode');
    expect(code).toBe(0);
    expect(plan.changes).toMatchObject([
      { action: 'orphan', address: subject.address('two'), id, requests: [] },
    ]);
    const applied = await sandbox.apply();
    expect({ code: applied.code, outcomes: applied.report.outcomes }).toEqual({ code: 0, outcomes: [] });
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect((await sandbox.plan()).plan.summary.orphan).toBe(1);
  });

  it('deletes with --prune, when it is told how many', async () => {
    const { sandbox, id } = await withoutTwo();
    expect((await sandbox.plan('--prune')).plan.changes).toMatchObject([{ action: 'delete', id }]);
    const refused = await sandbox.apply('--prune');
    expect(refused.code).toBe(4);
    expect(writesTo(sandbox.emulator)).toEqual([]);

    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect({ code, report }).toMatchObject({
      code: 0,
      report: { summary: { applied: 1 }, outcomes: [{ action: 'delete', status: 'applied', id }] },
    });
    expect(writesTo(sandbox.emulator)).toEqual([kind.remove?.(id)]);
    expect(subject.objects(sandbox).map((object) => idIn(subject, object))).toEqual([
      subject.idOf(sandbox, 'one'),
    ]);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
    expect((await sandbox.plan('--prune')).plan.changes).toEqual([]);
  });

  it('is content when it was deleted already', async () => {
    const { sandbox, id } = await withoutTwo();
    sandbox.emulator.faults.push({
      match: { method: 'DELETE' },
      effect: { type: 'meanwhile', run: () => sandbox.emulator.drop(kind.name, id) },
    });
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect({ code, report }).toMatchObject({ code: 0, report: { summary: { applied: 1, failed: 0 } } });
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
  });

  it('believes no DELETE that did nothing, and keeps the object in the ledger', async () => {
    const { sandbox, id } = await withoutTwo();
    sandbox.emulator.faults.push({ match: { method: 'DELETE' }, times: 1, effect: { type: 'ignored' } });
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { outcomes: [{ action: 'delete', status: 'failed', id, error: { code: 'refused' } }] },
    });
    expect(report.outcomes[0]?.error?.message).toContain('it was not removed');
    expect(sandbox.ledger().objects[subject.address('two')]?.id).toBe(id);

    expect((await sandbox.apply('--prune', '--max-delete', '1')).code).toBe(0);
    expect(subject.objects(sandbox)).toHaveLength(1);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
  });

  it('looks again where a removed object is still shown for a moment', async () => {
    const { sandbox, id } = await withoutTwo();
    sandbox.emulator.faults.push(
      { match: { method: 'DELETE' }, times: 1, effect: { type: 'ignored' } },
      {
        // The plan's listing, the read before the write, and the first look after it.
        match: { method: 'GET', kind: kind.name },
        skip: 3,
        times: 1,
        effect: { type: 'meanwhile', run: () => sandbox.emulator.drop(kind.name, id) },
      },
    );
    const { code } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(0);
    expect(sandbox.emulator.faults).toEqual([]);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
  });

  it('keeps an object in the ledger while it cannot be seen whether it was removed', async () => {
    const { sandbox, id } = await withoutTwo();
    const blind = (): void =>
      void sandbox.emulator.faults.push({
        match: { method: 'GET', kind: kind.name },
        effect: { type: 'status', status: 403 },
      });
    sandbox.emulator.faults.push({
      match: { method: 'DELETE' },
      times: 1,
      effect: { type: 'meanwhile', run: blind },
    });
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(3);
    expect(report.outcomes[0]?.error?.message).toContain('could not be seen whether it was removed');
    expect(sandbox.ledger().objects[subject.address('two')]?.id).toBe(id);
    sandbox.emulator.faults.length = 0;
    expect((await sandbox.apply('--prune')).code).toBe(0);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
  });

  it('checks many deletes with one read each, or one listing for all', async () => {
    const sandbox = await subject.settled(one, two, subject.manifest('three', fixture.numbered(3)));
    sandbox.declare(...subject.needed, one);
    sandbox.emulator.requests.length = 0;
    expect((await sandbox.apply('--prune', '--max-delete', '2')).code).toBe(0);
    const sent = sandbox.emulator.requests.filter(({ path }) => path.startsWith(kind.create({}).path));
    const reads = sent.filter(({ method }) => method === 'GET').length;
    // The plan's listing; then each is read before its delete and after it, or all are listed twice.
    expect(reads).toBe(kind.read === undefined ? 3 : 5);
  });

  it('forgets an orphan that is gone', async () => {
    const { sandbox, id } = await withoutTwo();
    sandbox.emulator.drop(kind.name, id);
    expect((await sandbox.plan('--prune')).plan.changes).toEqual([]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.ledger().objects[subject.address('two')]).toBeUndefined();
  });

  it('creates an object again that was deleted elsewhere', async () => {
    const sandbox = await subject.settled(one);
    sandbox.emulator.drop(kind.name, subject.idOf(sandbox, 'one'));
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'create' }]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(subject.objects(sandbox)).toHaveLength(1);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('never prunes when there are no manifests at all', async () => {
    const sandbox = await subject.settled(one);
    sandbox.declare();
    const { plan } = await sandbox.plan('--prune');
    expect(plan.summary.delete).toBe(0);
    await sandbox.apply('--prune', '--max-delete', '9');
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('protects what was marked with preventDestroy, also when its manifest is gone', async () => {
    const sandbox = await subject.settled(
      one,
      subject.manifest('two', fixture.numbered(2), { lifecycle: { preventDestroy: true } }),
    );
    sandbox.declare(...subject.needed, one);
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([
      { action: 'delete', status: 'skipped', error: { code: 'protected' } },
    ]);
    expect(subject.objects(sandbox)).toHaveLength(2);
  });
}
