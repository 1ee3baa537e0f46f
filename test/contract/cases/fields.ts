import { expect, it } from 'vitest';
import { sameValue } from '../../../src/diff/compare-values.js';
import { isObject, type JsonObject } from '../../../src/model/json.js';
import { readsFrom, writesTo } from '../../support/sandbox.js';
import { changed, driftingField, idIn, moveBehindOurBack, resolved, type Subject } from '../subject.js';

/** What a field of a manifest means on the wire and back. */
export function fieldCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const { rules } = kind;
  const updatable = Object.keys(fixture.changes).filter((field) => rules.fields[field]?.immutable !== true);
  const replacing: JsonObject[] = [
    ...Object.keys(fixture.changes)
      .filter((field) => rules.fields[field]?.immutable === true)
      .map((field) => changed(subject, field)),
    ...(fixture.inexpressible ?? []).map((fields) => ({ ...fixture.spec, ...fields })),
  ];

  it('reads back what it writes', () => {
    for (const spec of [fixture.spec, fixture.numbered(1)]) {
      const wire = kind.toWire({ ...spec });
      const live = kind.fromWire({ ...wire, [fixture.idField]: 'an-id' });
      expect(live.id).toBe('an-id');
      for (const [field, value] of Object.entries(subject.foreign(spec))) {
        expect([field, sameValue(rules.fields[field]?.form, value, live.spec[field])]).toEqual([field, true]);
      }
    }
  });

  it('never reads a write-only field', () => {
    const live = kind.fromWire({ ...kind.toWire({ ...fixture.spec }), [fixture.idField]: 'an-id' });
    const hidden = Object.keys(rules.fields).filter((field) => rules.fields[field]?.writeOnly === true);
    expect(Object.keys(live.spec).filter((field) => hidden.includes(field))).toEqual([]);
  });

  it('creates everything at once, and has nothing to do afterwards', async () => {
    const sandbox = await subject.open();
    sandbox.declare(
      ...subject.needed,
      subject.manifest('one', fixture.spec),
      subject.manifest('two', fixture.numbered(2)),
    );
    const planned = await sandbox.plan('--detailed-exitcode');
    expect(planned).toMatchObject({ code: 2, plan: { summary: { create: 2 + subject.needed.length } } });
    const { code, report } = await sandbox.apply();
    expect(report).toMatchObject({
      summary: { applied: 2 + subject.needed.length, failed: 0, stale: 0, skipped: 0 },
    });
    expect(code).toBe(0);
    expect(report.outcomes.filter(({ notPersisted }) => notPersisted !== undefined)).toEqual([]);
    expect(subject.objects(sandbox)).toHaveLength(2);

    const again = await sandbox.plan('--detailed-exitcode');
    expect(again).toMatchObject({
      code: 0,
      plan: { changes: [], requests: { write: 0 }, diagnostics: planned.plan.diagnostics },
    });
  });

  it('sends the secrets themselves, and nothing else in their place', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    const stored = sandbox.emulator.secrets(kind.name, subject.idOf(sandbox, 'one'));
    for (const [field, value] of Object.entries(stored)) {
      expect(value).toEqual(resolved(fixture.spec[field] ?? null, sandbox));
    }
  });

  it('has nothing to do, so it sends no write and leaves the ledger alone', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    const before = sandbox.ledger();
    const { code, report } = await sandbox.apply();
    expect({ code, outcomes: report.outcomes }).toEqual({ code: 0, outcomes: [] });
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect(readsFrom(sandbox.emulator)).toHaveLength(subject.listings);
    expect(sandbox.ledger()).toEqual(before);
  });

  it('never sees a difference in what the vendor owns', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), fixture.serverOwned);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  if (kind.update !== undefined) {
    it.each(updatable)('sends %s alone when it alone changes', async (field) => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      const id = subject.idOf(sandbox, 'one');
      const { value = null, body } = fixture.changes[field] ?? {};
      sandbox.declare(...subject.needed, subject.manifest('one', changed(subject, field)));
      const expected = kind.update?.(id, body ?? { [field]: resolved(value, sandbox) });

      const { plan } = await sandbox.plan();
      expect(plan).toMatchObject({ summary: { update: 1 }, requests: { write: 1 } });
      expect(plan.changes[0]?.fields.map(({ cause }) => cause)).toEqual(['manifest']);
      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toEqual([expected]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  if (rules.writes === 'new-version') {
    it.each(updatable)('makes a new version when %s changes, and removes the old one', async (field) => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      const id = subject.idOf(sandbox, 'one');
      sandbox.declare(subject.manifest('one', changed(subject, field)));
      const { plan } = await sandbox.plan();
      expect(plan.changes).toMatchObject([{ action: 'update', id }]);
      // It is no deletion for the guards: nothing is lost.
      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['POST', 'DELETE']);
      expect(subject.objects(sandbox).map((object) => idIn(subject, object))).toEqual([
        subject.idOf(sandbox, 'one'),
      ]);
      expect(subject.idOf(sandbox, 'one')).not.toBe(id);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  if (replacing.length > 0) {
    it.each(replacing.map((spec) => ({ spec })))(
      'replaces when no update can express it: $spec',
      async ({ spec }) => {
        const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
        sandbox.declare(...subject.needed, subject.manifest('one', spec));
        const { plan } = await sandbox.plan();
        expect(plan.changes).toMatchObject([{ action: 'replace' }]);
        expect(plan.changes[0]?.fields.some(({ forcesReplacement }) => forcesReplacement)).toBe(true);

        expect((await sandbox.apply()).code).toBe(4);
        expect(writesTo(sandbox.emulator)).toEqual([]);
        expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
        const order = rules.replace === 'create-first' ? ['POST', 'DELETE'] : ['DELETE', 'POST'];
        expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(order);
        expect(subject.objects(sandbox)).toHaveLength(1);
        expect((await sandbox.plan()).plan.changes).toEqual([]);
      },
    );
  }

  it('shows a drift as one, and heals it', async () => {
    const field = driftingField(subject);
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), {
      [field]: fixture.changes[field]?.value ?? null,
    });
    const { plan } = await sandbox.plan();
    expect(plan.changes).toMatchObject([
      { fields: [{ path: `/${field}`, cause: 'drift', after: fixture.spec[field] }] },
    ]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(subject.objects(sandbox)).toMatchObject([{ [field]: fixture.spec[field] }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('says so when both sides moved', async () => {
    const field = driftingField(subject);
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), {
      [field]: fixture.changes[field]?.value ?? null,
    });
    const { [field]: before = null, ...others } = fixture.spec;
    // Another value that is neither the old nor the drifted one, of the same type.
    const third = Object.entries(fixture.numbered(3)).find(([name]) => name === field)?.[1] ?? before;
    sandbox.declare(...subject.needed, subject.manifest('one', { ...others, [field]: third }));
    expect((await sandbox.plan()).plan.changes).toMatchObject([
      { fields: [{ path: `/${field}`, cause: 'both' }] },
    ]);
  });

  it('sends what the plan showed', async () => {
    const sandbox = await subject.open();
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const shown = (await sandbox.plan()).plan.changes.flatMap(({ requests }) => requests);
    await sandbox.apply();
    const sent = writesTo(sandbox.emulator);
    expect(sent).toHaveLength(shown.length);
    for (const request of shown) expect(sent.some((one) => agrees(request, one))).toBe(true);
  });
}

/** Whether a request as shown is one as sent, apart from what a plan cannot or must not show. */
function agrees(shown: unknown, sent: unknown): boolean {
  if (shown === '(sensitive)' || shown === '(known after apply)') return typeof sent === 'string';
  if (Array.isArray(shown))
    return Array.isArray(sent) && shown.length === sent.length && shown.every((s, i) => agrees(s, sent[i]));
  if (!isObject(shown)) return shown === sent;
  if (!isObject(sent)) return false;
  const names = Object.keys(shown);
  return names.length === Object.keys(sent).length && names.every((name) => agrees(shown[name], sent[name]));
}
