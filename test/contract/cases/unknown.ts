import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/json.js';
import { writesTo } from '../../support/sandbox.js';
import { moveBehindOurBack, type Subject, TARGET } from '../subject.js';

/** `lifecycle.allowUnknown`: fields that the vendor has since, and the schema does not know. */
export function unknownCases(subject: Subject): void {
  const { kind, vendor, fixture } = subject;
  const lifecycle = { allowUnknown: ['/serviceTier'] };
  const withTier = (serviceTier: Json, more: JsonObject = { lifecycle }) =>
    subject.manifest('one', { ...fixture.spec, serviceTier }, more);
  const open = (unknownMembers: string) =>
    subject.open({ targets: { [TARGET]: { vendor: vendor.id, options: { unknownMembers } } } });

  it('refuses an unknown field, and names the way out', async () => {
    const sandbox = await open('keep');
    sandbox.declare(...subject.needed, withTier('fast', {}));
    const { code, out, err } = await sandbox.run('validate');
    expect(code).toBe(1);
    expect(out + err).toContain('unknown field "serviceTier" in spec');
    expect((out + err).replaceAll(/\s+/g, ' ')).toContain('list "/serviceTier" in lifecycle.allowUnknown');
  });

  it('sends an unknown field that is allowed, compares it, and heals it', async () => {
    const sandbox = await open('keep');
    const tier = { name: 'fast', limits: [1, 2] };
    sandbox.declare(...subject.needed, withTier(tier));
    expect((await sandbox.run('validate')).code).toBe(0);
    const { code, report } = await sandbox.apply();
    expect({ code, kept: report.outcomes.every(({ notPersisted }) => !notPersisted) }).toEqual({
      code: 0,
      kept: true,
    });
    expect(writesTo(sandbox.emulator).at(-1)?.body).toMatchObject({ serviceTier: tier });
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), { serviceTier: 'theirs' });
    expect((await sandbox.plan()).plan.changes).toMatchObject([
      { fields: [{ path: '/serviceTier', before: 'theirs', after: tier, cause: 'drift' }] },
    ]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(subject.objects(sandbox)).toMatchObject([{ serviceTier: tier }]);

    sandbox.emulator.requests.length = 0;
    sandbox.declare(...subject.needed, withTier('slow'));
    expect((await sandbox.apply()).code).toBe(0);
    const [write] = writesTo(sandbox.emulator);
    if (kind.update !== undefined) expect(write?.body).toEqual({ serviceTier: 'slow' });
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('reports an unknown field that the vendor does not keep', async () => {
    const sandbox = await open('ignore');
    sandbox.declare(...subject.needed, withTier('fast'));
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({ code: 3 });
    expect(report.outcomes.flatMap(({ notPersisted = [] }) => notPersisted)).toEqual(['/serviceTier']);
    const { plan } = await sandbox.plan();
    expect(plan).toMatchObject({ changes: [] });
    expect(plan.diagnostics.map((found) => found.code)).toContain('not-persisted');
  });

  it('says what the vendor says about a field that it does not know', async () => {
    const sandbox = await open('reject');
    sandbox.declare(...subject.needed, withTier('fast'));
    expect((await sandbox.apply()).code).toBe(3);
    expect(subject.objects(sandbox)).toEqual([]);
  });
}
