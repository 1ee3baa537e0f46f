import { expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../src/model/json.js';
import { writesTo } from '../../support/sandbox.js';
import { changed, driftingField, moveBehindOurBack, resolved, type Subject } from '../subject.js';

/** `lifecycle.ignoreChanges`: what is sent when an object is created, and left to others from then on. */
export function ignoringCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const { rules } = kind;
  const field = driftingField(subject);
  const others = Object.keys(fixture.changes).filter((name) => name !== field);
  const secrets = others.filter((name) => rules.fields[name]?.secrets !== undefined);
  const readable = others.filter(
    (name) => !rules.fields[name]?.writeOnly && !rules.fields[name]?.refersTo && !rules.fields[name]?.map,
  );
  const ignoring = (spec: JsonObject, names: readonly string[] = others) =>
    subject.manifest('one', spec, { lifecycle: { ignoreChanges: names.map((name) => `/${name}`) } });
  /** Another value of every field. */
  const moved: JsonObject = Object.fromEntries(
    Object.entries(fixture.changes).map(([name, { value }]) => [name, value]),
  );

  it('creates with what is declared and ignored', async () => {
    const sandbox = await subject.open();
    sandbox.declare(...subject.needed, ignoring(fixture.spec));
    const { code, report } = await sandbox.apply();
    expect(code).toBe(0);
    expect(report.outcomes.filter(({ notPersisted }) => notPersisted)).toEqual([]);
    const body = writesTo(sandbox.emulator).at(-1)?.body ?? {};
    for (const name of others) {
      expect(body).toMatchObject({ [name]: resolved(fixture.spec[name] ?? null, sandbox) });
    }
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('compares nothing that is ignored, whichever side moves', async () => {
    const sandbox = await subject.settled(ignoring(fixture.spec));
    const theirs = Object.fromEntries(readable.map((name) => [name, moved[name] ?? null]));
    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), theirs);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
    for (const name of others) {
      const one = subject.manifest('one', changed(subject, name), {
        lifecycle: { ignoreChanges: others.map((other) => `/${other}`) },
      });
      sandbox.declare(...subject.needed, one);
      expect([name, (await sandbox.plan()).plan.changes]).toEqual([name, []]);
    }
  });

  if (secrets.length > 0) {
    it('needs an ignored secret for a create only', async () => {
      const sandbox = await subject.settled(ignoring(fixture.spec));
      for (const name of ['SECRET', 'OTHER_SECRET', 'SECOND_SECRET'])
        sandbox.env[name] = `rotated-${name}-/+=&`;
      expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
      for (const name of ['SECRET', 'OTHER_SECRET', 'SECOND_SECRET']) sandbox.env[name] = undefined;
      const { code, plan } = await sandbox.plan('--detailed-exitcode');
      expect({ code, secrets: plan.diagnostics.filter((found) => found.code === 'secret') }).toEqual({
        code: 0,
        secrets: [],
      });
      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toEqual([]);
      sandbox.declare(...subject.needed, ignoring(fixture.spec), {
        ...ignoring(fixture.numbered(2)),
        metadata: { name: 'two' },
      });
      expect((await sandbox.apply()).code).toBe(1);
      expect(writesTo(sandbox.emulator)).toEqual([]);
    });
  }

  if (secrets.length > 0) {
    it('sends a secret that was rotated while it was ignored, once it no longer is', async () => {
      const sandbox = await subject.settled(ignoring(fixture.spec));
      for (const name of ['SECRET', 'OTHER_SECRET', 'SECOND_SECRET'])
        sandbox.env[name] = `rotated-${name}-/+=&`;
      expect(await sandbox.apply()).toMatchObject({ code: 0, report: { outcomes: [] } });
      sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
      const { plan } = await sandbox.plan();
      const own = plan.changes.filter(({ address }) => address === subject.address('one'));
      expect(own.flatMap(({ fields }) => fields.map(({ path }) => path)).sort()).toEqual(
        secrets.map((name) => `/${name}`).sort(),
      );
    });
  }

  if (kind.update !== undefined) {
    it('updates what is not ignored, and leaves the rest as it is live', async () => {
      const sandbox = await subject.settled(ignoring(fixture.spec));
      const id = subject.idOf(sandbox, 'one');
      const theirs = Object.fromEntries(readable.map((name) => [name, moved[name] ?? null]));
      moveBehindOurBack(subject, sandbox.emulator, id, theirs);
      sandbox.declare(...subject.needed, ignoring({ ...fixture.spec, [field]: moved[field] ?? null }));
      expect(await sandbox.apply()).toMatchObject({ code: 0, report: { summary: { applied: 1 } } });
      const body = { [field]: resolved(moved[field] ?? null, sandbox) };
      expect(writesTo(sandbox.emulator)).toEqual([kind.update?.(id, body)]);
      expect(subject.objects(sandbox)).toMatchObject([{ ...theirs, ...body }]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    it('is not stale when an ignored field moves before the write', async () => {
      const [ignored] = readable;
      if (ignored === undefined) return;
      const sandbox = await subject.settled(ignoring(fixture.spec));
      sandbox.declare(...subject.needed, ignoring({ ...fixture.spec, [field]: moved[field] ?? null }));
      sandbox.confirm = async () => {
        const id = subject.idOf(sandbox, 'one');
        moveBehindOurBack(subject, sandbox.emulator, id, { [ignored]: moved[ignored] ?? null });
        return true;
      };
      expect((await sandbox.run('apply')).code).toBe(0);
      expect(subject.objects(sandbox)).toMatchObject([{ [ignored]: moved[ignored] }]);
    });

    it('adopts without what is ignored', async () => {
      const sandbox = await subject.settled();
      const theirs: JsonObject = subject.foreign({
        ...fixture.spec,
        ...pickOf(moved, readable.filter(isNotName)),
      });
      const id = sandbox.emulator.put(kind.name, theirs);
      sandbox.declare(...subject.needed, {
        ...ignoring(fixture.spec),
        metadata: { name: 'one', id },
      });
      expect((await sandbox.apply()).code).toBe(0);
      const sent = writesTo(sandbox.emulator).flatMap(({ body }) => Object.keys(body ?? {}));
      expect(sent.filter((name) => others.includes(name) && !rules.fields[name]?.map)).toEqual([]);
      expect(subject.objects(sandbox)).toEqual([expect.objectContaining(pickOf(theirs, readable))]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  it('compares a field again that is ignored no longer', async () => {
    const [ignored] = readable.filter((name) => !rules.fields[name]?.immutable);
    if (ignored === undefined || kind.update === undefined) return;
    const sandbox = await subject.settled(ignoring(fixture.spec));
    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), {
      [ignored]: moved[ignored] ?? null,
    });
    expect((await sandbox.apply()).code).toBe(0);
    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    expect((await sandbox.plan()).plan.changes).toMatchObject([
      { action: 'update', fields: [{ path: `/${ignored}`, cause: 'drift' }] },
    ]);
  });

  const replacing = replacingSpec(subject);
  if (replacing !== undefined) {
    it('replaces with what is declared and ignored', async () => {
      const [ignored] = readable.filter(
        (name) => !rules.fields[name]?.immutable && !replacing.names.includes(name),
      );
      if (ignored === undefined) return;
      const sandbox = await subject.settled(ignoring(fixture.spec, [ignored]));
      moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), {
        [ignored]: moved[ignored] ?? null,
      });
      sandbox.declare(...subject.needed, ignoring(replacing.spec, [ignored]));
      const { plan } = await sandbox.plan();
      const paths = plan.changes.flatMap(({ fields }) => fields.map(({ path }) => path));
      expect(paths).toContain(`/${ignored}`);
      expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
      expect(subject.objects(sandbox)).toMatchObject([{ [ignored]: fixture.spec[ignored] }]);
      expect(subject.objects(sandbox)).toHaveLength(1);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  it('counts in the fingerprint', async () => {
    const sandbox = await subject.open();
    const [ignored = field] = others;
    const fingerprints = [];
    for (const names of [[], [ignored]]) {
      sandbox.declare(...subject.needed, ignoring(fixture.spec, names));
      fingerprints.push((await sandbox.plan()).plan.fingerprint);
    }
    expect(fingerprints[0]).not.toBe(fingerprints[1]);
  });

  function isNotName(name: string): boolean {
    return !rules.naturalName.includes(name);
  }
}

function pickOf(values: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** A spec that no update can express, and the fields that make it so. */
function replacingSpec({ kind, fixture }: Subject): { spec: JsonObject; names: string[] } | undefined {
  if (kind.rules.writes === 'new-version') return undefined;
  const [fields] = fixture.inexpressible ?? [];
  const immutable = Object.entries(fixture.changes).find(
    ([name, change]) => kind.rules.fields[name]?.immutable && !change.without,
  );
  const found = fields ?? (immutable && { [immutable[0]]: immutable[1].value });
  if (!isObject(found)) return undefined;
  return { spec: { ...fixture.spec, ...found }, names: Object.keys(found) };
}
