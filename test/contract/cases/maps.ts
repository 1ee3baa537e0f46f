import { expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.js';
import type { Sandbox } from '../../support/sandbox.js';
import { writesTo } from '../../support/sandbox.js';
import { moveBehindOurBack, type Subject } from '../subject.js';

/** Maps that belong to people: our keys are ours, and everybody else's survive. */
export function mapCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const { mark } = kind.rules;
  const maps = Object.entries(kind.rules.fields).flatMap(([field, { map }]) =>
    map && !map.fixed ? [{ field, map }] : [],
  );

  for (const { field, map } of maps) {
    const declared: JsonObject = isObject(fixture.spec[field]) ? fixture.spec[field] : {};
    const [first = '', second = ''] = Object.keys(declared);
    const withMap = (value: Json) => subject.manifest('one', { ...fixture.spec, [field]: value });
    const live = (sandbox: Sandbox): JsonObject => {
      const value = subject.objects(sandbox)[0]?.[field];
      return isObject(value) ? value : {};
    };
    const withTheirs = async (theirs: JsonObject = { people: 'theirs' }) => {
      const sandbox = await subject.settled(withMap(declared));
      const whole: JsonObject = { ...live(sandbox), ...theirs };
      moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), { [field]: whole });
      return { sandbox, whole };
    };

    it(`sees no difference in the keys of others in ${field}`, async () => {
      const { sandbox } = await withTheirs();
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    it(`changes a key of ${field} and keeps the keys of others`, async () => {
      const { sandbox, whole } = await withTheirs();
      sandbox.declare(...subject.needed, withMap({ ...declared, [first]: 'changed', added: 'new' }));
      const { plan } = await sandbox.plan();
      expect(plan.changes[0]?.fields.map(({ path }) => path)).toEqual(
        [`/${field}/${first}`, `/${field}/added`].sort(),
      );
      expect((await sandbox.apply()).code).toBe(0);
      const after = { ...whole, [first]: 'changed', added: 'new' };
      const body =
        map.merge === undefined
          ? { [map.replace]: after }
          : { [map.merge]: { [first]: 'changed', added: 'new' } };
      expect(writesTo(sandbox.emulator)).toMatchObject([{ body }]);
      expect(Object.keys(writesTo(sandbox.emulator)[0]?.body ?? {})).toHaveLength(1);
      expect(live(sandbox)).toEqual(after);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    const removals: [string, JsonObject][] = [
      ['left out', { [second]: declared[second] ?? '' }],
      ...(fixture.nullRemovesKeys ? [['null', { ...declared, [first]: null }] as [string, JsonObject]] : []),
    ];
    it.each(removals)(`removes a key of ${field} that is %s, and no other`, async (_, wanted) => {
      const { sandbox, whole } = await withTheirs();
      sandbox.declare(...subject.needed, withMap(wanted));
      const { [first]: _removed, ...after } = whole;
      expect((await sandbox.plan()).plan.changes).toMatchObject([
        {
          action: 'update',
          fields: [{ path: `/${field}/${first}`, before: declared[first], cause: 'manifest' }],
        },
      ]);
      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator)).toMatchObject([{ body: { [map.replace]: after } }]);
      expect(live(sandbox)).toEqual(after);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    it(`removes all our keys when ${field} is no longer declared`, async () => {
      const { sandbox, whole } = await withTheirs();
      const { [field]: _, ...spec } = fixture.spec;
      sandbox.declare(...subject.needed, subject.manifest('one', spec));
      expect((await sandbox.apply()).code).toBe(0);
      const left = Object.fromEntries(Object.entries(whole).filter(([key]) => !Object.hasOwn(declared, key)));
      expect(live(sandbox)).toEqual(left);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });

    it(`leaves a key of ${field} alone that is ignored`, async () => {
      const { sandbox, whole } = await withTheirs();
      const { [field]: _, ...spec } = fixture.spec;
      for (const [pointers, rest] of [
        [[`/${field}/${first}`], { [field]: { [second]: declared[second] ?? '' } }],
        [[`/${field}`], {}],
      ] as const) {
        const lifecycle = { lifecycle: { ignoreChanges: [...pointers] } };
        sandbox.declare(...subject.needed, subject.manifest('one', { ...spec, ...rest }, lifecycle));
        expect((await sandbox.plan()).plan.changes).toEqual([]);
      }
      sandbox.declare(
        ...subject.needed,
        subject.manifest('one', spec, { lifecycle: { ignoreChanges: [`/${field}/${first}`] } }),
      );
      expect((await sandbox.plan()).plan.changes).toMatchObject([
        { fields: [{ path: `/${field}/${second}` }] },
      ]);
      expect((await sandbox.apply()).code).toBe(0);
      const { [second]: _gone, ...left } = whole;
      expect(live(sandbox)).toEqual(left);
    });

    it(`keeps the keys of others in ${field} through a replacement`, async () => {
      const { sandbox, whole } = await withTheirs();
      const spec = replacement(subject);
      if (spec === undefined) return;
      sandbox.declare(...subject.needed, subject.manifest('one', spec));
      expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
      expect(live(sandbox)).toEqual(whole);
    });

    if (fixture.freeValues) {
      const theirs = { count: 12345678901234567890n, list: [{ least: -9007199254740993n, ours: 1.5 }] };

      it(`keeps integers of others in ${field} that are beyond 2^53 through an update`, async () => {
        const { sandbox, whole } = await withTheirs(theirs);
        expect((await sandbox.plan()).plan.changes).toEqual([]);
        sandbox.declare(...subject.needed, withMap({ ...declared, [first]: 'changed' }));
        expect((await sandbox.plan()).out).toContain('12345678901234567890');
        expect((await sandbox.run('plan')).code).toBe(0);
        expect((await sandbox.apply()).code).toBe(0);
        expect(live(sandbox)).toEqual({ ...whole, [first]: 'changed' });
        expect((await sandbox.plan()).plan.changes).toEqual([]);
      });

      it(`keeps integers of others in ${field} that are beyond 2^53 through a broken replacement`, async () => {
        const { sandbox, whole } = await withTheirs(theirs);
        const spec = replacement(subject);
        if (spec === undefined) return;
        sandbox.declare(...subject.needed, subject.manifest('one', spec));
        sandbox.emulator.faults.push({
          match: { method: 'POST' },
          times: 1,
          effect: { type: 'status', status: 500 },
        });
        expect((await sandbox.apply('--max-delete', '1')).code).toBe(3);
        expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
        expect(live(sandbox)).toEqual(whole);
      });

      it(`leaves an object alone where an integer of others in ${field} moved by one`, async () => {
        const { sandbox, whole } = await withTheirs(theirs);
        sandbox.declare(...subject.needed, withMap({ ...declared, [first]: 'changed' }));
        sandbox.confirm = async () => {
          const moved = { [field]: { ...whole, count: 12345678901234567891n } };
          moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), moved);
          return true;
        };
        const { code, out, err } = await sandbox.run('apply');
        expect(code).toBe(3);
        expect(out + err).toContain('stale');
        expect(live(sandbox)).toEqual({ ...whole, count: 12345678901234567891n });
      });
    }

    it(`adopts with the keys of others in ${field} kept`, async () => {
      const sandbox = await subject.settled();
      sandbox.emulator.put(kind.name, { ...subject.foreign(fixture.spec), [field]: { people: 'theirs' } });
      sandbox.declare(...subject.needed, withMap(declared));
      expect((await sandbox.apply('--adopt')).code).toBe(0);
      expect(live(sandbox)).toMatchObject({ ...declared, people: 'theirs' });
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  if (mark !== undefined) {
    it('has a mark with the project and the address, which never differs', async () => {
      const sandbox = await subject.settled(subject.manifest('one', fixture.spec));
      const value = subject.objects(sandbox)[0]?.[mark.field];
      const found = isObject(value) ? value[mark.key] : undefined;
      expect(found).toBe(`tests/${subject.address('one')}`);
      const { out } = await sandbox.run('plan');
      expect(out).not.toContain(String(found));
    });
  }
}

/** A spec that differs from the fixture's in a way that no update can express. */
function replacement({ fixture, kind }: Subject): JsonObject | undefined {
  const [fields] = fixture.inexpressible ?? [];
  if (fields !== undefined) return { ...fixture.spec, ...fields };
  const found = Object.entries(fixture.changes).find(
    ([name, change]) => kind.rules.fields[name]?.immutable && !change.without,
  );
  return found === undefined ? undefined : { ...fixture.spec, [found[0]]: found[1].value };
}
