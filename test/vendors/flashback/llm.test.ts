import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/json.js';
import { documentsOf } from '../../support/document.js';
import { openSandbox, readsFrom, type Sandbox, said, writesTo } from '../../support/sandbox.js';

const of = documentsOf('flashback');
const base: JsonObject = {
  name: 'one',
  aiType: 'OPENAI',
  workspaceId: 'workspace-1',
  endpoint: 'https://llm.example.com/v1',
  secret: { fromEnv: 'SECRET' },
};
const llm = (more: JsonObject = {}, name = 'one') => of('LLM', name, { ...base, name, ...more });

describe('Flashback', () => {
  it('is read by its list alone, and as often for many objects as for one', async () => {
    const sandbox = await open();
    sandbox.declare(...['one', 'two', 'three', 'four'].map((name) => llm({}, name)));
    const created = await sandbox.apply();
    expect(created).toMatchObject({ code: 0, report: { requests: { read: 2, write: 4 } } });
    expect(readsFrom(sandbox.emulator)).toEqual(['/ai/llm', '/ai/llm']);

    sandbox.emulator.requests.length = 0;
    sandbox.declare(...['one', 'two', 'three', 'four'].map((name) => llm({ aiType: 'OTHER' }, name)));
    // To plan, once more before what exists is written, and to read back.
    expect((await sandbox.apply()).report.requests).toEqual({ read: 3, write: 4 });
    sandbox.emulator.requests.length = 0;
    expect((await sandbox.apply()).report.requests).toEqual({ read: 1, write: 0 });
  });

  it.each(['masked', 'null'])('never writes back what the key reads as: %s', async (keyReadsAs) => {
    const sandbox = await open({ keyReadsAs });
    sandbox.declare(llm({ key: { fromEnv: 'SECOND_SECRET' } }));
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.emulator.requests.length = 0;
    sandbox.declare(llm({ key: { fromEnv: 'SECOND_SECRET' }, aiType: 'AWS' }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ aiType: 'AWS' }]);
    const [stored] = sandbox.emulator.objects('LLM');
    const { key } = sandbox.emulator.secrets('LLM', String(stored?.id));
    expect(key).toBe(sandbox.env.SECOND_SECRET);
  });

  it.each([400, 409, 'success-false'])('reports a name that is taken: %s', async (duplicateName) => {
    const sandbox = await open({ duplicateName, workspaces: null });
    // Another object of this name in the workspace that is hidden from us until the create runs into it.
    sandbox.declare(llm());
    await sandbox.apply();
    sandbox.emulator.faults.push({
      match: { method: 'GET' },
      times: 1,
      effect: { type: 'status', status: 200, body: { success: true, aiLlms: [] } },
    });
    sandbox.loseLedger();
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([{ status: 'failed' }]);
    expect(report.outcomes[0]?.error?.message).toMatch(/name exists|exists already/);
    expect(sandbox.emulator.objects('LLM')).toHaveLength(1);
  });

  it('takes success: false in a 200 for the failure that it is', async () => {
    const sandbox = await open();
    sandbox.declare(llm());
    sandbox.emulator.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'status', status: 200, body: { success: false, message: 'no credits' } },
    });
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { outcomes: [{ status: 'failed', error: { code: 'refused' } }] },
    });
    expect(report.outcomes[0]?.error?.message).toContain('no credits');

    sandbox.emulator.faults.push({
      match: { method: 'GET' },
      effect: { type: 'status', status: 200, body: { success: false, message: 'expired' } },
    });
    const planned = await sandbox.plan();
    expect(planned.code).toBe(1);
    expect(said(planned.plan.diagnostics)).toContain('expired');
  });

  it.each([true, false])('reports what it refuses with a 200: %s', async (refusesWith200) => {
    const sandbox = await open({ refusesWith200, contract: 'docs' });
    sandbox.declare(llm({ apiKeyUuid: '11111111-1111-4111-8111-111111111111' }));
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({ code: 3, report: { outcomes: [{ status: 'failed' }] } });
    expect(report.outcomes[0]?.error?.message).toContain('apiKeyUuid');
    expect(sandbox.emulator.objects('LLM')).toEqual([]);
  });

  it.each(['client', 'docs'])('manages what both contracts have: %s', async (contract) => {
    const sandbox = await open({ contract });
    sandbox.declare(llm());
    expect((await sandbox.apply()).code).toBe(0);
    sandbox.declare(llm({ endpoint: 'https://other.example.com/v1' }));
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('takes a key from the vault in place of endpoint and secret', async () => {
    const sandbox = await open();
    const { name = '', aiType = '', workspaceId = '' } = base;
    const rest = { name, aiType, workspaceId, apiKeyUuid: '11111111-1111-4111-8111-111111111111' };
    sandbox.declare(of('LLM', 'one', rest));
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('does not delete what a repository uses, and names the repository', async () => {
    const sandbox = await open();
    sandbox.declare(llm(), llm({}, 'two'));
    await sandbox.apply();
    const id = sandbox.ledger().objects['here/LLM/two']?.id ?? '';
    sandbox.emulator.put('LLM', { id, repos: [{ id: 'r1', name: 'invoices' }] });
    sandbox.declare(llm());
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([{ status: 'skipped', error: { code: 'in-use' } }]);
    expect(report.outcomes[0]?.error?.message).toContain('invoices');
    expect(sandbox.emulator.objects('LLM')).toHaveLength(2);
  });

  it('names the repository that took it into use after the plan', async () => {
    const sandbox = await open();
    sandbox.declare(llm(), llm({}, 'two'));
    await sandbox.apply();
    const id = sandbox.ledger().objects['here/LLM/two']?.id ?? '';
    sandbox.declare(llm());
    sandbox.emulator.faults.push({
      match: { method: 'DELETE' },
      effect: {
        type: 'meanwhile',
        run: () => sandbox.emulator.put('LLM', { id, repos: [{ id: 'r1', name: 'invoices' }] }),
      },
    });
    const { code, report } = await sandbox.apply('--prune', '--max-delete', '1');
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([{ status: 'failed', error: { code: 'forbidden' } }]);
    expect(report.outcomes[0]?.error?.message).toContain('repository invoices');
  });

  it('does not replace what a repository uses', async () => {
    const sandbox = await open();
    sandbox.declare(llm());
    await sandbox.apply();
    const id = sandbox.ledger().objects['here/LLM/one']?.id ?? '';
    sandbox.emulator.put('LLM', { id, repos: [{ id: 'r1', name: 'invoices' }] });
    sandbox.declare(llm({ workspaceId: 'workspace-2' }));
    const { code, report } = await sandbox.apply('--max-delete', '1');
    expect({ code, report }).toMatchObject({
      code: 3,
      report: {
        outcomes: [{ action: 'replace', status: 'skipped', error: { code: 'in-use' } }],
        diagnostics: [{ severity: 'warning', code: 'in-use' }],
      },
    });
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ id, workspaceId: 'workspace-1' }]);
  });

  it('tells objects of one name in two workspaces apart', async () => {
    const sandbox = await open();
    sandbox.declare(llm(), of('LLM', 'other', { ...base, workspaceId: 'workspace-2' }));
    expect((await sandbox.apply()).code).toBe(0);
    sandbox.loseLedger();
    expect((await sandbox.apply('--adopt', '--trust-secrets')).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    expect(sandbox.emulator.objects('LLM')).toHaveLength(2);
  });

  it('leaves another workspace to those who may see it', async () => {
    const sandbox = await open({ workspaces: ['workspace-1'] });
    sandbox.declare(llm({ workspaceId: 'workspace-9' }));
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { outcomes: [{ error: { code: 'forbidden' } }] },
    });
  });
});

function open(options: Record<string, unknown> = {}): Promise<Sandbox> {
  return openSandbox({ targets: { here: { vendor: 'flashback', options } } });
}

function bodies(sandbox: Sandbox): (Json | undefined)[] {
  return writesTo(sandbox.emulator).map(({ body }) => body);
}
