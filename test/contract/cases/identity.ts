import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.js';
import { pick } from '../../../src/model/parse-answer.js';
import { readsFrom, said, writesTo } from '../../support/sandbox.js';
import { idIn, type Subject } from '../subject.js';

/** Which live object a manifest stands for, and which ones are nobody's business. */
export function identityCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const { rules } = kind;
  const writeOnly = Object.values(rules.fields).some((rule) => rule.writeOnly === true);
  const recognisable = rules.mark !== undefined || rules.clientId !== undefined;
  const nameOf = (spec: JsonObject) => pick(spec, rules.naturalName);
  const settledNeeds = () => subject.settled();

  it('takes over an object of the same name with --adopt only', async () => {
    const sandbox = await settledNeeds();
    const id = sandbox.emulator.put(kind.name, subject.foreign(fixture.spec));
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const { plan, code } = await sandbox.plan('--detailed-exitcode');
    expect({ code, plan }).toMatchObject({
      code: 2,
      plan: { summary: { adopt: 1 }, requests: { write: 0 } },
    });
    expect(plan.changes).toMatchObject([{ action: 'adopt', id, requests: [] }]);

    const refused = await sandbox.apply();
    expect(refused.code).toBe(3);
    expect(refused.report.outcomes).toMatchObject([
      { action: 'adopt', status: 'skipped', error: { code: 'adopt' } },
    ]);
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect(sandbox.ledger().objects[subject.address('one')]).toBeUndefined();

    const adopted = await sandbox.apply('--adopt');
    expect(adopted.report.outcomes).toMatchObject([{ action: 'adopt', status: 'applied' }]);
    expect(adopted.code).toBe(0);
    // A version that others made may be used by others: it stays beside ours.
    const versions = rules.writes === 'new-version' ? 2 : 1;
    expect(subject.objects(sandbox)).toHaveLength(versions);
    expect(subject.objects(sandbox).map((object) => idIn(subject, object))).toContain(id);
    expect((await sandbox.plan('--detailed-exitcode')).plan.changes).toEqual([]);
  });

  it('records a trusted secret without sending it when it adopts', async () => {
    const sandbox = await settledNeeds();
    const id = sandbox.emulator.put(kind.name, subject.foreign(fixture.spec));
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const { code } = await sandbox.apply('--adopt', '--trust-secrets');
    expect(code).toBe(0);
    const sent = writesTo(sandbox.emulator);
    for (const [field, rule] of Object.entries(rules.fields)) {
      if (rule.writeOnly)
        expect(sent.filter(({ body }) => JSON.stringify(body ?? {}).includes(`"${field}"`))).toEqual([]);
    }
    expect(subject.idOf(sandbox, 'one')).toBe(id);
    expect(
      (await sandbox.plan()).plan.changes.filter(({ address }) => address === subject.address('one')),
    ).toEqual([]);
  });

  it('refuses to guess between objects of the same name', async () => {
    const sandbox = await settledNeeds();
    const ids = [1, 2].map(() => sandbox.emulator.put(kind.name, subject.foreign(fixture.spec)));
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const { code, plan } = await sandbox.plan();
    expect(code).toBe(1);
    for (const id of ids) expect(said(plan.diagnostics)).toContain(id);
    expect((await sandbox.apply('--adopt')).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('binds to metadata.id without --adopt', async () => {
    const sandbox = await settledNeeds();
    const id = sandbox.emulator.put(kind.name, subject.foreign(fixture.spec));
    sandbox.emulator.put(kind.name, { ...subject.foreign(fixture.numbered(9)), ...nameOf(fixture.spec) });
    const others = subject.objects(sandbox).filter((object) => idIn(subject, object) !== id);
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec, { metadata: { id } }));
    expect((await sandbox.apply('--trust-secrets')).code).toBe(0);
    expect(subject.idOf(sandbox, 'one')).toBe(id);
    expect(subject.objects(sandbox).filter((object) => idIn(subject, object) !== id)).toEqual(others);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('says that a metadata.id does not exist', async () => {
    const sandbox = await settledNeeds();
    const id = '99999999-9999-4999-8999-999999999999';
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec, { metadata: { id } }));
    const { code, plan } = await sandbox.plan();
    expect(code).toBe(1);
    expect(said(plan.diagnostics)).toContain(id);
    expect((await sandbox.apply()).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  if (recognisable) {
    it('finds its objects again when the ledger is lost', async () => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      const id = subject.idOf(sandbox, 'one');
      sandbox.loseLedger();
      const { plan } = await sandbox.plan();
      expect(plan.summary).toMatchObject({ create: 0, adopt: 0, replace: 0 });
      expect(plan.changes.flatMap(({ fields }) => fields.map(({ cause }) => cause))).not.toContain('drift');

      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toHaveLength(writeOnly ? 1 : 0);
      expect(subject.idOf(sandbox, 'one')).toBe(id);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    it('sends nothing after a lost ledger when secrets are trusted', async () => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      sandbox.loseLedger();
      expect((await sandbox.apply('--trust-secrets')).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toEqual([]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  } else {
    it('offers to adopt when the ledger is lost, and creates no second object', async () => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      sandbox.loseLedger();
      const { plan } = await sandbox.plan();
      expect(plan.summary).toMatchObject({ create: 0, adopt: 1 + subject.needed.length });
      expect((await sandbox.apply('--adopt', '--trust-secrets')).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toEqual([]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  it('leaves alone what is not ours, and does not list it', async () => {
    const sandbox = await settledNeeds();
    const foreign = sandbox.emulator.put(kind.name, subject.foreign(fixture.numbered(7)));
    const builtIn = (fixture.builtIn ?? []).map((object) => sandbox.emulator.put(kind.name, object));
    const theirs = () =>
      subject.objects(sandbox).filter((object) => [foreign, ...builtIn].includes(idIn(subject, object)));
    const before = theirs();
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const outputs = [
      (await sandbox.plan()).out,
      (await sandbox.apply()).out,
      (await sandbox.plan('--prune')).out,
      (await sandbox.run('plan', '--prune')).out,
    ];
    sandbox.declare(...subject.needed, subject.manifest('another', fixture.numbered(8)));
    outputs.push((await sandbox.apply('--prune', '--max-delete', '1')).out);
    for (const id of [foreign, ...builtIn]) for (const text of outputs) expect(text).not.toContain(id);
    expect(theirs()).toEqual(before);
    expect(subject.objects(sandbox)).toHaveLength(before.length + 1);
  });

  it('reads each listing once for a plan, all pages of it', async () => {
    const sandbox = await settledNeeds();
    const many = fixture.pageSize === undefined ? 20 : 2 * fixture.pageSize + 5;
    for (let i = 0; i < many; i += 1) sandbox.emulator.put(kind.name, subject.foreign(fixture.numbered(i)));
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    expect((await sandbox.apply()).code).toBe(0);
    sandbox.emulator.requests.length = 0;
    // Ours was made last, so that a missing page would make a second one of it.
    const { plan } = await sandbox.plan();
    expect(plan.changes).toEqual([]);
    const pages = fixture.pageSize === undefined ? 1 : Math.ceil((many + 1) / fixture.pageSize);
    expect(plan.requests.read).toBe(subject.listings - 1 + pages);
    expect(new Set(readsFrom(sandbox.emulator)).size).toBe(plan.requests.read);
  });
}
