import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openReader } from '../../../src/platform/http/client.js';
import { OTHER_SECRET, readsFrom, SECRET, writesTo } from '../../support/sandbox.js';
import { changed, driftingField, moveBehindOurBack, type Subject, TARGET } from '../subject.js';

/** What stands between a plan and a write. */
export function approvalCases(subject: Subject): void {
  const { fixture, vendor } = subject;
  const one = subject.manifest('one', fixture.spec);

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('plans with a client that refuses %s', async (method) => {
    const sandbox = await subject.open();
    const target = {
      name: TARGET,
      vendor: vendor.id,
      baseUrl: sandbox.emulator.url,
      auth: { fromEnv: 'NONE' },
      concurrency: 1,
      requestsPerSecond: 1000,
      timeoutMs: 5000,
    };
    const reader = openReader(target, vendor, sandbox.emulator.credential, {
      clean: (text) => text,
    });
    const { path } = subject.kind.create({});
    // What a plug-in without types could try.
    const write = { method: method as 'GET', path, body: {} };
    await expect(reader.read(write)).rejects.toMatchObject({ code: 'not-a-read' });
    expect('write' in reader).toBe(false);
    await reader.close();
    expect(sandbox.emulator.requests).toEqual([]);
  });

  it('applies a saved plan, and refuses it when the live object has moved', async () => {
    const sandbox = await subject.open();
    sandbox.declare(...subject.needed, one);
    await sandbox.plan('-o', 'plan.json');
    expect((await sandbox.apply('plan.json')).code).toBe(0);

    const field = driftingField(subject);
    const move = (value: string) =>
      moveBehindOurBack(subject, sandbox.emulator, subject.idOf(sandbox, 'one'), { [field]: value });
    move('moved');
    await sandbox.plan('-o', 'plan.json');
    move('moved again');
    sandbox.emulator.requests.length = 0;
    expect((await sandbox.apply('plan.json')).code).toBe(4);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('applies the plan of a fingerprint, and no other', async () => {
    const sandbox = await subject.settled();
    sandbox.declare(...subject.needed, one);
    const { fingerprint } = (await sandbox.plan()).plan;
    expect((await sandbox.apply('--fingerprint', `sha256:${'0'.repeat(64)}`)).code).toBe(4);
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect((await sandbox.plan()).plan.fingerprint).toBe(fingerprint);
    expect((await sandbox.apply('--fingerprint', fingerprint)).code).toBe(0);
  });

  it('writes nothing without approval', async () => {
    const sandbox = await subject.settled();
    sandbox.declare(...subject.needed, one);
    expect((await sandbox.run('apply')).code).toBe(4);
    sandbox.confirm = async () => false;
    expect((await sandbox.run('apply')).code).toBe(4);
    expect(writesTo(sandbox.emulator)).toEqual([]);
    sandbox.confirm = async () => true;
    expect((await sandbox.run('apply')).code).toBe(0);
  });

  it('leaves alone an object that changed while it asked', async () => {
    const sandbox = await subject.settled(one);
    const field = driftingField(subject);
    const id = subject.idOf(sandbox, 'one');
    sandbox.declare(...subject.needed, subject.manifest('one', changed(subject, field)));
    sandbox.confirm = async () => {
      moveBehindOurBack(subject, sandbox.emulator, id, { [field]: 'moved' });
      return true;
    };
    const { code, out } = await sandbox.run('apply', '--format', 'json');
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 3, outcomes: [{ status: 'stale', id }] });
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect(subject.objects(sandbox)).toMatchObject([{ [field]: 'moved' }]);
  });

  it('plans without a secret that is missing, and applies nothing', async () => {
    const sandbox = await subject.settled();
    sandbox.declare(...subject.needed, one);
    delete sandbox.env.SECRET;
    expect((await sandbox.plan()).code).toBe(0);
    const { code, out } = await sandbox.run('apply', '--auto-approve', '--format', 'json');
    expect(code).toBe(1);
    expect(out).toContain('SECRET');
    expect(writesTo(sandbox.emulator)).toEqual([]);
    sandbox.env.SECRET = SECRET;
  });

  it('shows no secret in any format, at any level of detail', async () => {
    const sandbox = await subject.settled(one);
    sandbox.env.SECRET = OTHER_SECRET;
    const before = readsFrom(sandbox.emulator).length;
    for (const format of ['text', 'markdown', 'json']) {
      await sandbox.run('plan', '--format', format, '--log-level', 'debug', '-o', `${format}.json`);
      expect(readFileSync(join(sandbox.folder, `${format}.json`), 'utf8')).toContain('fingerprint');
    }
    for (const format of ['text', 'markdown', 'json']) {
      sandbox.env.SECRET = format === 'markdown' ? SECRET : OTHER_SECRET;
      await sandbox.run('apply', '--auto-approve', '--format', format, '--log-level', 'debug');
    }
    expect(readsFrom(sandbox.emulator).length).toBeGreaterThan(before);
    // The sandbox itself searches all of it for both secrets when the test ends.
    sandbox.env.EARLIER_SECRET = SECRET;
  });
}
