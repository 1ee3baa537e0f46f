import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.js';
import { documentsOf } from '../../support/document.js';
import { openSandbox, type Sandbox, SECRET, writesTo } from '../../support/sandbox.js';

const of = documentsOf('liveavatar');
const secret = of('Secret', 'openai', {
  secret_name: 'openai',
  secret_type: 'OPENAI_API_KEY',
  secret_value: { fromEnv: 'SECRET' },
});
const llm = (more: JsonObject = {}, name = 'one') =>
  of('LLM', name, {
    display_name: 'One',
    model_name: 'gpt-4o',
    secret_id: { ref: 'Secret/openai' },
    ...more,
  });

describe('LiveAvatar', () => {
  it.each([100, 1000])('takes %i for a success, and an answer without data for none', async (code) => {
    const sandbox = await open({ code });
    sandbox.declare(secret, llm());
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    sandbox.emulator.faults.push({
      effect: { type: 'status', status: 200, body: { code, data: null, message: 'success' } },
    });
    const failed = await sandbox.plan();
    expect({ code: failed.code, changes: failed.plan.changes }).toEqual({ code: 1, changes: [] });
  });

  it('finds what it created when the answer had no data', async () => {
    const sandbox = await open();
    sandbox.declare(secret, llm());
    sandbox.emulator.faults.push({
      match: { method: 'POST', kind: 'LLM' },
      times: 1,
      effect: { type: 'status', status: 200, body: { code: 100, data: null }, applied: true },
    });
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toHaveLength(1);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each([true, false])('sees one URL in both spellings (the vendor trims: %s)', async (trimBaseUrl) => {
    const sandbox = await open({ trimBaseUrl });
    sandbox.declare(secret, llm({ base_url: 'https://LLM.example.com:443/v1/' }));
    const { code, report } = await sandbox.apply();
    expect({ code, summary: report.summary }).toMatchObject({ code: 0, summary: { applied: 2 } });
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(secret, llm({ base_url: 'https://llm.example.com/v1' }));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(secret, llm({ base_url: 'https://llm.example.com/v2' }));
    expect((await sandbox.plan()).plan.summary.update).toBe(1);
  });

  it('leaves base_url to the vendor where it is not declared', async () => {
    const sandbox = await open({ defaultBaseUrl: 'https://elsewhere.example.com/v9' });
    sandbox.declare(secret, llm());
    await sandbox.apply();
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each(['newest-first', 'oldest-first'])(
    'does not care about the order of the lists: %s',
    async (order) => {
      const sandbox = await open({ order });
      const many = Array.from({ length: 12 }, (_, i) => llm({ display_name: `N${i}` }, `n${i}`));
      sandbox.declare(secret, ...many);
      expect((await sandbox.apply()).code).toBe(0);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it.each(['detail', 'data'])('says what a 422 says, and hides what it echoes: %s', async (invalidBody) => {
    const sandbox = await open({ invalidBody, secretTypes: ['LLM_API_KEY'] });
    sandbox.declare(secret, llm());
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([
      { address: 'here/LLM/one', status: 'skipped' },
      { address: 'here/Secret/openai', status: 'failed', error: { code: 'invalid', httpStatus: 422 } },
    ]);
    expect(report.outcomes[1]?.error?.message).toMatch(/secret_type|must be/);
    expect(JSON.stringify(report)).not.toContain(SECRET);
  });

  it('reports a second secret of the same name that the vendor refuses', async () => {
    const sandbox = await open({ duplicateSecretNames: 'reject' });
    sandbox.emulator.put('Secret', { secret_name: 'openai' });
    sandbox.declare(secret);
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'adopt' }]);
    expect((await sandbox.apply()).code).toBe(3);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('says that the account has no space', async () => {
    const sandbox = await open({ hasSpace: false });
    sandbox.declare(secret);
    const { code, out } = await sandbox.plan();
    expect(code).toBe(1);
    expect(out).toContain('no associated space');
  });

  it('takes an id in place of a reference', async () => {
    const sandbox = await open();
    const theirs = sandbox.emulator.put('Secret', { secret_name: 'theirs' });
    sandbox.declare(llm({ secret_id: theirs }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ secret_id: theirs }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

function open(options: Record<string, unknown> = {}): Promise<Sandbox> {
  return openSandbox({ targets: { here: { vendor: 'liveavatar', options } } });
}
