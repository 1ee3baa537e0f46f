import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.js';
import type { Sandbox } from '../../support/sandbox.js';
import { changed, driftingField, moveBehindOurBack, type Subject, TARGET } from '../subject.js';

/** Fields that are no longer declared, and objects that never were. */
export function releasedCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const field = driftingField(subject);
  const { [field]: applied = null, ...others } = fixture.spec;
  const other = changed(subject, field)[field] ?? null;
  const released = { address: subject.address('one'), path: `/${field}`, applied };
  // With an id, a manifest may leave out what a create requires.
  const declare = (sandbox: Sandbox, id: string, spec: JsonObject) =>
    sandbox.declare(...subject.needed, subject.manifest('one', spec, { metadata: { id } }));

  it('names a field that is no longer declared as released, until it is declared again', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    const id = subject.idOf(sandbox, 'one');
    declare(sandbox, id, others);
    expect((await sandbox.plan()).plan).toMatchObject({ changes: [], released: [released] });
    expect((await sandbox.run('plan')).out).toContain(`${released.address}${released.path}`);
    expect((await sandbox.run('plan', '--format', 'markdown')).out).toContain('released field');

    await sandbox.apply();
    expect(sandbox.ledger().objects[released.address]?.released).toHaveProperty([released.path]);
    expect((await sandbox.plan()).plan).toMatchObject({ changes: [], released: [released] });

    declare(sandbox, id, fixture.spec);
    expect((await sandbox.plan()).plan).toMatchObject({ changes: [], released: [] });
    await sandbox.apply();
    expect(sandbox.ledger().objects[released.address]).not.toHaveProperty('released');
  });

  it('takes a field for released only as long as its value is the applied one', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    const id = subject.idOf(sandbox, 'one');
    declare(sandbox, id, others);
    await sandbox.apply();
    moveBehindOurBack(subject, sandbox.emulator, id, { [field]: other });
    expect((await sandbox.plan()).plan.released).toEqual([]);
    await sandbox.apply();
    moveBehindOurBack(subject, sandbox.emulator, id, { [field]: applied });
    expect((await sandbox.plan()).plan.released).toEqual([]);
  });

  if (kind.update !== undefined) {
    it('says what a released field was before it was first applied', async () => {
      const sandbox = await subject.settled();
      const theirs = { ...subject.foreign(fixture.spec), [field]: other };
      const id = sandbox.emulator.put(kind.name, theirs);
      declare(sandbox, id, { [field]: applied });
      expect((await sandbox.apply()).code).toBe(0);
      declare(sandbox, id, {});
      expect((await sandbox.plan()).plan.released).toEqual([{ ...released, before: other }]);
      await sandbox.apply();
      expect((await sandbox.plan()).plan.released).toEqual([{ ...released, before: other }]);
    });
  }

  it('counts the live objects that nothing covers', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    expect((await sandbox.plan()).plan.unmanaged).toEqual([]);
    sandbox.emulator.put(kind.name, subject.foreign(fixture.numbered(8)));
    sandbox.emulator.put(kind.name, subject.foreign(fixture.numbered(9)));
    const { plan } = await sandbox.plan();
    expect(plan).toMatchObject({ changes: [], unmanaged: [{ target: TARGET, kind: kind.name, count: 2 }] });
    expect((await sandbox.run('plan')).out).toContain(`Not managed: 2 ${kind.name} on ${TARGET}.`);
  });
}
