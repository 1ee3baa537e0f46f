import { expect, it } from 'vitest';
import type { Fault, FaultEffect } from '../../../src/emulator/index.js';
import type { Json } from '../../../src/model/json.js';
import { crashAfterCreate } from '../../support/crash.js';
import { readsFrom, SECRET, said, variableOf, writesTo } from '../../support/sandbox.js';
import { driftingField, type Subject, TARGET } from '../subject.js';

/** Bodies that repeat the secret in every documented member, and in three encodings. */
const echo: Json = {
  message: `bad value ${SECRET}`,
  error: `bad value ${encodeURIComponent(SECRET)}`,
  detail: [
    { loc: ['body', 'value'], msg: `bad value ${Buffer.from(SECRET).toString('base64')}`, input: SECRET },
  ],
  data: [{ message: `bad value ${SECRET}` }],
};

interface Failure {
  name: string;
  effect: FaultEffect;
  /** What the message has to say. */
  says: RegExp;
}

/** Asks for no wait: how long to wait is tested where it is decided. */
const headers = { 'retry-after': '0', 'x-ratelimit-reset': '0' };
const status = (code: number, says: RegExp, body?: Json): Failure => ({
  name: String(code),
  effect: { type: 'status', status: code, headers, ...(body !== undefined && { body }) },
  says,
});
const refusals: (Failure & { code: string })[] = [
  { ...status(401, /credential/), code: 'unauthorized' },
  { ...status(403, /allow/), code: 'forbidden' },
  { ...status(404, /not found/), code: 'not-found' },
  { ...status(422, /bad value \(sensitive\)/, echo), code: 'invalid' },
  { ...status(429, /too many requests/), code: 'rate-limited' },
  { ...status(500, /failed/), code: 'server' },
];
const broken: Failure[] = [
  { name: 'a dropped connection', effect: { type: 'reset', when: 'before' }, says: /lost/ },
  { name: 'a page to sign in on', effect: { type: 'html' }, says: /HTML page/ },
  { name: 'JSON that is cut off', effect: { type: 'truncate' }, says: /cut off/ },
  { name: 'nothing', effect: { type: 'empty' }, says: /expected/ },
];

/** What a vendor's failures turn into: a message, an exit code, and never a second object. */
export function faultCases(subject: Subject): void {
  const { kind, fixture } = subject;
  const one = subject.manifest('one', fixture.numbered(1));
  const two = subject.manifest('two', fixture.numbered(2));
  const three = subject.manifest('three', fixture.numbered(3));
  const on = (method: string, effect: FaultEffect, more: Partial<Fault> = {}): Fault => ({
    match: { method, kind: kind.name },
    effect,
    ...more,
  });

  it.each([...refusals, ...broken])(
    'writes nothing when the listing answers with $name',
    async ({ effect, says }) => {
      const sandbox = await subject.settled(one);
      sandbox.declare(...subject.needed, two);
      sandbox.emulator.faults.push(on('GET', effect));
      const { code, plan, out } = await sandbox.plan('--prune');
      expect(code).toBe(1);
      expect(plan.changes).toEqual([]);
      expect(said(plan.diagnostics)).toMatch(says);
      expect(said(plan.diagnostics)).toContain(TARGET);
      expect(out).not.toMatch(/\bat .*\.[jt]s:\d/);
      expect((await sandbox.run('plan')).code).toBe(1);
      expect((await sandbox.apply('--prune', '--max-delete', '1')).code).toBe(1);
      expect(writesTo(sandbox.emulator)).toEqual([]);
    },
  );

  it.each([401, 403])('names the variable that holds the credential on %i', async (code) => {
    const sandbox = await subject.open();
    sandbox.declare(...subject.needed, one);
    sandbox.emulator.faults.push({ effect: { type: 'status', status: code } });
    expect(said((await sandbox.plan()).plan.diagnostics)).toContain(variableOf(TARGET));
  });

  it.each(refusals)(
    'reports a create that was refused with $name, and makes up for it',
    async ({ effect, says, code, name }) => {
      const sandbox = await subject.settled(two);
      sandbox.declare(...subject.needed, one, two);
      sandbox.emulator.faults.push(on('POST', effect));
      const run = await sandbox.apply();
      expect(run.code).toBe(3);
      expect(run.report.outcomes).toMatchObject([
        { status: 'failed', error: { code, httpStatus: Number(name) } },
      ]);
      expect(run.report.outcomes[0]?.error?.message).toMatch(says);
      expect(subject.objects(sandbox)).toHaveLength(1);

      sandbox.emulator.faults.length = 0;
      expect((await sandbox.apply()).code).toBe(0);
      expect(subject.objects(sandbox)).toHaveLength(2);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it.each<{ name: string; effect: FaultEffect }>([
    { name: 'a connection that drops after the work', effect: { type: 'reset', when: 'after' } },
    { name: 'a connection that drops within the answer', effect: { type: 'reset', when: 'during' } },
    { name: 'an answer that is cut off', effect: { type: 'truncate' } },
    { name: 'an empty answer', effect: { type: 'empty' } },
    { name: 'a 500 after the work', effect: { type: 'status', status: 500, applied: true } },
  ])('looks before it creates again after $name', async ({ effect }) => {
    const sandbox = await subject.settled(two);
    sandbox.declare(...subject.needed, one, two);
    sandbox.emulator.faults.push(on('POST', effect, { times: 1 }));
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({ code: 0, report: { summary: { applied: 1 } } });
    expect(subject.objects(sandbox)).toHaveLength(2);
    expect(sandbox.ledger().intents).toEqual({});
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('creates nothing twice when the answer never comes', async () => {
    const sandbox = await subject.open({
      targets: { [TARGET]: { vendor: subject.vendor.id, rest: { timeout: '1s' } } },
    });
    sandbox.declare(...subject.needed);
    await sandbox.apply();
    sandbox.declare(...subject.needed, one);
    sandbox.emulator.faults.push(on('POST', { type: 'hang', applied: true }, { times: 1 }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(subject.objects(sandbox)).toHaveLength(1);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('takes back what an apply created that ended before it heard so', async () => {
    const sandbox = await subject.settled(two);
    sandbox.declare(...subject.needed, one, two);
    crashAfterCreate(sandbox.emulator);
    const crashed = await sandbox.apply();
    expect(crashed.report.outcomes).toMatchObject([{ status: 'failed' }]);
    expect(Object.keys(sandbox.ledger().intents)).toEqual([subject.address('one')]);
    expect(subject.objects(sandbox)).toHaveLength(2);

    sandbox.emulator.faults.length = 0;
    sandbox.emulator.requests.length = 0;
    expect((await sandbox.plan()).plan.summary).toMatchObject({ create: 0, adopt: 0 });
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.ledger().intents).toEqual({});
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    expect(subject.objects(sandbox)).toHaveLength(2);
  });

  if (kind.read !== undefined) {
    it('takes no other object for the one that it asked for', async () => {
      const sandbox = await subject.settled(one);
      const change = { [driftingField(subject)]: fixture.changes[driftingField(subject)]?.value ?? null };
      sandbox.declare(...subject.needed, subject.manifest('one', { ...fixture.numbered(1), ...change }));
      const { path } = kind.create({});
      sandbox.emulator.faults.push({
        match: { method: 'GET', path: new RegExp(`^${path}/`) },
        effect: { type: 'wrong-id' },
      });
      const { code, report } = await sandbox.apply();
      expect(code).toBe(3);
      expect(report.outcomes).toMatchObject([{ status: 'failed', error: { code: 'unexpected' } }]);
      expect(report.outcomes[0]?.error?.message).toContain('another');
      expect(writesTo(sandbox.emulator)).toEqual([]);
    });

    it('concludes nothing about a missing object from an answer about another one', async () => {
      const sandbox = await subject.settled(one);
      const id = subject.idOf(sandbox, 'one');
      const stored = subject.objects(sandbox)[0] ?? {};
      // The listing lacks it, and it is there again when it is read by itself.
      const missed = () => {
        sandbox.emulator.drop(kind.name, id);
        setImmediate(() => sandbox.emulator.put(kind.name, stored));
      };
      sandbox.emulator.faults.push(
        { match: { method: 'GET', path: new RegExp(`/${id}$`) }, effect: { type: 'wrong-id' } },
        { match: { method: 'GET', kind: kind.name }, times: 1, effect: { type: 'meanwhile', run: missed } },
      );
      const { code, plan } = await sandbox.plan();
      expect(code).toBe(1);
      expect(plan.changes).toEqual([]);
      expect(said(plan.diagnostics)).toContain('another');
    });
  }

  it('fails one object alone, and counts truly', async () => {
    const sandbox = await subject.settled();
    sandbox.declare(...subject.needed, one, two, three);
    sandbox.emulator.faults.push(on('POST', { type: 'status', status: 422, body: echo }, { times: 1 }));
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.summary).toEqual({ applied: 2, failed: 1, stale: 0, skipped: 0 });
    expect(report.requests.write).toBe(writesTo(sandbox.emulator).length);
    expect(report.requests.read).toBe(readsFrom(sandbox.emulator).length);
    expect(Object.keys(sandbox.ledger().objects)).toHaveLength(2 + subject.needed.length);
    expect(subject.objects(sandbox)).toHaveLength(2);
    expect((await sandbox.plan()).plan.summary).toMatchObject({ create: 1 });
  });

  if (subject.needed.length > 0) {
    it('skips what depends on an object that failed, and nothing else', async () => {
      const sandbox = await subject.open();
      sandbox.declare(...subject.needed, subject.manifest('one', fixture.spec), two);
      const kinds = fixture.needs?.map((need) => need.kind) ?? [];
      for (const needed of new Set(kinds)) {
        sandbox.emulator.faults.push({
          match: { method: 'POST', kind: needed },
          effect: { type: 'status', status: 400 },
        });
      }
      const { code, report } = await sandbox.apply();
      expect(code).toBe(3);
      expect(report.summary).toEqual({ applied: 0, failed: kinds.length, stale: 0, skipped: 2 });
      expect(writesTo(sandbox.emulator)).toHaveLength(kinds.length);
      const skipped = report.outcomes.filter(({ status }) => status === 'skipped');
      expect(skipped.map(({ error }) => error?.code)).toEqual(['blocked', 'blocked']);

      sandbox.emulator.faults.length = 0;
      expect((await sandbox.apply()).code).toBe(0);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    });
  }

  if (fixture.pageSize !== undefined) {
    it.each(['missing-page', 'duplicate-page', 'wrong-total'] as const)(
      'trusts no listing with a %s',
      async (type) => {
        const sandbox = await subject.settled(one);
        for (let i = 0; i < 2 * (fixture.pageSize ?? 0); i += 1) {
          sandbox.emulator.put(kind.name, subject.foreign(fixture.numbered(100 + i)));
        }
        sandbox.declare(...subject.needed, two);
        // The second page of every listing; the first says how many there are.
        const match = type === 'wrong-total' ? {} : { path: /page=2&/ };
        sandbox.emulator.faults.push({ match, effect: { type } });
        const { code, plan } = await sandbox.plan('--prune');
        expect(code).toBe(1);
        expect(plan.changes).toEqual([]);
        expect(said(plan.diagnostics)).toMatch(/does not add up/);
        expect((await sandbox.apply('--prune', '--max-delete', '9')).code).toBe(1);
        expect(writesTo(sandbox.emulator)).toEqual([]);
      },
    );
  }

  it('leaves other targets alone when one cannot be read', async () => {
    const vendor = subject.vendor.id;
    const sandbox = await subject.open({ targets: { [TARGET]: { vendor }, there: { vendor } } });
    const at = (target: string) =>
      [...subject.needed, one].map((document) => ({
        ...document,
        metadata: { ...Object(document.metadata), target },
      }));
    sandbox.declare(...at(TARGET), ...at('there'));
    sandbox.emulators.there?.faults.push({ effect: { type: 'status', status: 401 } });
    const planned = await sandbox.plan();
    expect(planned.code).toBe(1);
    expect(planned.plan.summary.create).toBe(1 + subject.needed.length);
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { summary: { applied: 1 + subject.needed.length } },
    });
    expect(said(report.diagnostics)).toContain(variableOf('there'));
  });
}
