import { describe, expect, it } from 'vitest';
import { crashAfterCreate } from '../../support/crash.js';
import { documentsOf } from '../../support/document.js';
import { OTHER_SECRET, openSandbox, type Sandbox, SECRET, said, writesTo } from '../../support/sandbox.js';

const of = documentsOf('liveavatar');
const secret = of('Secret', 'openai', {
  secret_name: 'openai',
  secret_type: 'OPENAI_API_KEY',
  secret_value: { fromEnv: 'SECRET' },
});
const llm = (name: string) =>
  of('LLM', name, { display_name: name, model_name: 'gpt-4o', secret_id: { ref: 'Secret/openai' } });

describe('a changed secret', () => {
  it('is created anew, every LLM is pointed at it, and only then is the old one deleted', async () => {
    const { sandbox, old } = await rotated(secret, llm('one'), llm('two'));
    const { plan } = await sandbox.plan();
    expect(plan.summary).toMatchObject({ update: 3, create: 0, delete: 0, replace: 0 });
    expect(
      plan.changes.map(({ address, requests }) => [address, requests.map(({ method }) => method)]),
    ).toEqual([
      ['here/LLM/one', ['PATCH']],
      ['here/LLM/two', ['PATCH']],
      ['here/Secret/openai', ['POST', 'DELETE']],
    ]);
    expect(plan.changes[2]?.fields).toEqual([
      { path: '/secret_value', cause: 'manifest', sensitive: true, from: [{ fromEnv: 'SECRET' }] },
    ]);
    expect(plan.changes[0]?.requests[0]?.body).toEqual({ secret_id: '(known after apply)' });

    expect((await sandbox.apply()).code).toBe(0);
    const now = sandbox.ledger().objects['here/Secret/openai']?.id;
    const sent = writesTo(sandbox.emulator);
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'DELETE']);
    expect(sent[1]?.body).toEqual({ secret_id: now });
    expect(sent[3]?.path).toBe(`/v1/secrets/${old}`);
    expect(secretIds(sandbox)).toEqual([now]);
    expect(sandbox.emulator.secrets('Secret', now ?? '')).toEqual({ secret_value: OTHER_SECRET });
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('keeps the old one while an LLM could not be pointed at the new one, and finishes next time', async () => {
    const { sandbox, old } = await rotated(secret, llm('one'), llm('two'));
    sandbox.emulator.faults.push({
      match: { method: 'PATCH' },
      times: 1,
      effect: { type: 'status', status: 400 },
    });
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(writesTo(sandbox.emulator).filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(secretIds(sandbox)).toContain(old);
    expect(report.summary).toEqual({ applied: 1, failed: 2, stale: 0, skipped: 0 });
    const outcome = report.outcomes.find(({ address }) => address === 'here/Secret/openai');
    expect(outcome?.error).toMatchObject({ code: 'old-version-kept' });
    expect(outcome?.error?.message).toContain(old);

    sandbox.emulator.requests.length = 0;
    // It is not the version that this apply replaces: the guard counts it.
    expect((await sandbox.apply()).code).toBe(4);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    // The secret itself is in place already.
    expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
    expect(secretIds(sandbox)).toHaveLength(1);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('tries no LLM when the new one could not be created', async () => {
    const { sandbox, old } = await rotated(secret, llm('one'));
    sandbox.emulator.faults.push({ match: { method: 'POST' }, effect: { type: 'status', status: 400 } });
    const { code, report } = await sandbox.apply();
    expect({ code, summary: report.summary }).toEqual({
      code: 3,
      summary: { applied: 0, failed: 1, stale: 0, skipped: 1 },
    });
    expect(secretIds(sandbox)).toEqual([old]);
  });

  it('removes the old one next time when only its deletion failed', async () => {
    const { sandbox, old } = await rotated(secret, llm('one'));
    sandbox.emulator.faults.push({
      match: { method: 'DELETE' },
      times: 1,
      effect: { type: 'status', status: 400 },
    });
    expect((await sandbox.apply()).code).toBe(3);
    expect(secretIds(sandbox)).toHaveLength(2);
    const { plan } = await sandbox.plan();
    expect(plan.changes).toMatchObject([
      { action: 'update', requests: [{ method: 'DELETE', path: `/v1/secrets/${old}` }] },
    ]);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(secretIds(sandbox)).toHaveLength(1);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('leaves no third one behind when the run ended before it heard of the second', async () => {
    const { sandbox, old } = await rotated(secret, llm('one'));
    crashAfterCreate(sandbox.emulator);
    expect((await sandbox.apply()).code).toBe(3);
    expect(secretIds(sandbox)).toHaveLength(2);
    sandbox.emulator.faults.length = 0;
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(secretIds(sandbox)).toHaveLength(1);
    expect(secretIds(sandbox)).not.toContain(old);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each(['allow', 'refuse'] as const)(
    'keeps an old one that an LLM of others uses (in use: %s)',
    async (secretInUse) => {
      const { sandbox, old } = await rotated(secret, llm('one'));
      sandbox.emulator.options.secretInUse = secretInUse;
      const theirs = sandbox.emulator.put('LLM', { display_name: 'theirs', secret_id: old });
      const { plan } = await sandbox.plan();
      expect(said(plan.diagnostics)).toContain(theirs);
      expect((await sandbox.apply()).code).toBe(0);
      expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['POST', 'PATCH']);
      expect(secretIds(sandbox)).toContain(old);

      const after = await sandbox.plan('--detailed-exitcode');
      expect(after).toMatchObject({ code: 0, plan: { changes: [] } });
      const before = sandbox.ledger();
      expect((await sandbox.apply()).code).toBe(0);
      expect(sandbox.ledger()).toEqual(before);

      sandbox.emulator.drop('LLM', theirs);
      expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
      expect(secretIds(sandbox)).not.toContain(old);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );
});

describe('a secret without a manifest', () => {
  it('is deleted after the LLMs that refer to it', async () => {
    const sandbox = await openSandbox({
      targets: { here: { vendor: 'liveavatar', options: { secretInUse: 'refuse' } } },
    });
    const other = of('LLM', 'other', {
      display_name: 'other',
      model_name: 'gpt-4o',
      secret_id: { ref: 'Secret/second' },
    });
    const second = of('Secret', 'second', {
      secret_name: 'second',
      secret_type: 'LLM_API_KEY',
      secret_value: { fromEnv: 'SECRET' },
    });
    sandbox.declare(secret, llm('one'), second, other);
    expect((await sandbox.apply()).code).toBe(0);
    sandbox.emulator.requests.length = 0;
    sandbox.declare(second, other);
    expect((await sandbox.apply('--prune', '--max-delete', '2')).code).toBe(0);
    expect(writesTo(sandbox.emulator).map(({ path }) => path.split('/')[2])).toEqual([
      'llm-configurations',
      'secrets',
    ]);
    expect((await sandbox.plan('--prune')).plan.changes).toEqual([]);
  });

  it('is kept while an LLM of others uses it', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'liveavatar' } } });
    const second = of('Secret', 'second', {
      secret_name: 'second',
      secret_type: 'LLM_API_KEY',
      secret_value: { fromEnv: 'SECRET' },
    });
    sandbox.declare(secret, second);
    await sandbox.apply();
    const id = sandbox.ledger().objects['here/Secret/openai']?.id ?? '';
    sandbox.emulator.put('LLM', { display_name: 'theirs', secret_id: id });
    sandbox.declare(second);
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([
      { action: 'delete', status: 'skipped', error: { code: 'in-use' } },
    ]);
    expect(secretIds(sandbox)).toContain(id);
  });
});

/** A sandbox in which the manifests are applied and the secret's value has changed since. */
async function rotated(...manifests: Parameters<Sandbox['declare']>) {
  const sandbox = await openSandbox({ targets: { here: { vendor: 'liveavatar' } } });
  sandbox.declare(...manifests);
  expect((await sandbox.apply()).code).toBe(0);
  const old = sandbox.ledger().objects['here/Secret/openai']?.id ?? '';
  sandbox.env.SECRET = OTHER_SECRET;
  sandbox.env.FORMER = SECRET;
  sandbox.emulator.requests.length = 0;
  return { sandbox, old };
}

function secretIds(sandbox: Sandbox): unknown[] {
  return sandbox.emulator.objects('Secret').map(({ id }) => id);
}
