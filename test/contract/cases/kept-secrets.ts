import { expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.js';
import { pick } from '../../../src/model/parse-answer.js';
import { parsePointer } from '../../../src/model/pointer.js';
import { said, writesTo } from '../../support/sandbox.js';
import { idIn, type Subject } from '../subject.js';

/** Secrets that the vendor keeps: `{ keep: true }`. */
export function keptSecretCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const places = Object.entries(kind.rules.fields).flatMap(([field, { secrets = [] }]) =>
    secrets.map((pointer) => [field, ...parsePointer(pointer)]),
  );
  const kept = places.reduce<JsonObject>(
    (spec, tokens) => replaced(spec, tokens) as JsonObject,
    fixture.spec,
  );
  const fields = [...new Set(places.map(([field = '']) => field))];

  it('adopts with the secrets that the vendor holds, which need not resolve', async () => {
    const sandbox = await subject.settled();
    const id = sandbox.emulator.put(kind.name, subject.foreign(fixture.spec));
    Object.assign(sandbox.env, { SECRET: undefined, OTHER_SECRET: undefined });
    sandbox.declare(...subject.needed, subject.manifest('one', kept));
    const { code, report } = await sandbox.apply('--adopt');
    expect(code).toBe(0);
    expect(report.diagnostics.map((found) => found.code)).not.toContain('secret');
    expect(subject.idOf(sandbox, 'one')).toBe(id);
    const sent = writesTo(sandbox.emulator).flatMap(({ body }) => (isObject(body) ? Object.keys(body) : []));
    for (const field of fields) expect(sent).not.toContain(field);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });

  it('sends a secret once that is no longer kept', async () => {
    const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
    sandbox.declare(...subject.needed, subject.manifest('one', kept));
    expect((await sandbox.apply()).code).toBe(0);
    expect(writesTo(sandbox.emulator)).toEqual([]);
    const { applied = {} } = sandbox.ledger().objects[subject.address('one')] ?? {};
    expect(Object.keys(applied).filter((path) => fields.includes(path.slice(1)))).toEqual([]);

    sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec));
    const { plan } = await sandbox.plan();
    const own = plan.changes.filter(({ address }) => address === subject.address('one'));
    expect(own.flatMap((change) => change.fields.map(({ path }) => path)).sort()).toEqual(
      fields.map((field) => `/${field}`).sort(),
    );
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });

  it('refuses to create an object whose secret nothing holds yet', async () => {
    const sandbox = await subject.settled();
    sandbox.declare(...subject.needed, subject.manifest('one', kept));
    expect((await sandbox.run('validate')).code).toBe(0);
    const { code, plan } = await sandbox.plan();
    expect(code).toBe(1);
    expect(plan.changes).toEqual([]);
    expect(plan.diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject(
      fields.map((field) => ({
        code: 'secret',
        address: subject.address('one'),
        file: 'manifests/all.yaml',
        path: `/spec/${field}`,
        detail: expect.stringContaining('metadata.id'),
      })),
    );
    expect((await sandbox.apply()).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('lets metadata.id be taken out again', async () => {
    const sandbox = await subject.settled();
    const id = sandbox.emulator.put(kind.name, subject.foreign(fixture.spec));
    const name = pick(fixture.spec, kind.rules.naturalName);
    sandbox.declare(...subject.needed, subject.manifest('one', name, { metadata: { id } }));
    expect((await sandbox.apply()).code).toBe(0);
    // What is no secret and is never returned either has to be sent once.
    const unread = Object.keys(kept).filter(
      (field) => kind.rules.fields[field]?.writeOnly === true && !fields.includes(field),
    );
    const readable = Object.fromEntries(Object.entries(kept).filter(([field]) => !unread.includes(field)));
    sandbox.declare(...subject.needed, subject.manifest('one', readable));
    const { code, plan } = await sandbox.plan('--detailed-exitcode');
    expect({ code, said: said(plan.diagnostics) }).toEqual({ code: 0, said: '' });
    expect(subject.objects(sandbox).map((object) => idIn(subject, object))).toEqual([id]);
  });
}

function replaced(value: Json | undefined, [token, ...rest]: readonly string[]): Json {
  if (token === undefined) return { keep: true };
  const object = isObject(value) ? value : {};
  return token in object ? { ...object, [token]: replaced(object[token], rest) } : object;
}
