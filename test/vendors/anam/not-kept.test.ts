import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.js';
import { bodies, llm, open, settled } from '../../support/anam.js';
import { said, writesTo } from '../../support/sandbox.js';

describe('fields that Anam documents no way to write', () => {
  const extra: JsonObject = {
    temperature: 0.3,
    maxTokens: 512,
    deploymentName: 'east',
    apiVersion: '2024-06-01',
    displayTags: ['a'],
  };
  const paths = Object.keys(extra).map((name) => `/${name}`);

  it('are simply kept where the vendor keeps them', async () => {
    const sandbox = await settled({ unlisted: 'store' }, llm(extra));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('are reported once where the vendor drops them, and sent again when they change', async () => {
    const sandbox = await open({ unlisted: 'drop' });
    sandbox.declare(llm(extra));
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.outcomes).toMatchObject([{ status: 'applied' }]);
    expect([...(report.outcomes[0]?.notPersisted ?? [])].sort()).toEqual([...paths].sort());

    const planned = await sandbox.plan('--detailed-exitcode');
    expect({ code: planned.code, changes: planned.plan.changes }).toEqual({ code: 0, changes: [] });
    for (const path of paths) expect(said(planned.plan.diagnostics)).toContain(path);
    sandbox.emulator.requests.length = 0;
    const before = sandbox.ledger();
    expect((await sandbox.apply()).code).toBe(0);
    expect(writesTo(sandbox.emulator)).toEqual([]);
    expect(sandbox.ledger()).toEqual(before);

    sandbox.declare(llm({ ...extra, temperature: 0.9 }));
    expect((await sandbox.plan()).plan.changes[0]?.fields.map(({ path }) => path)).toEqual(['/temperature']);
    expect((await sandbox.apply()).code).toBe(3);
    expect(bodies(sandbox)).toEqual([{ temperature: 0.9 }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    // Other fields of the same object are still written, and nothing is forgotten by that.
    sandbox.declare(llm({ ...extra, temperature: 0.9, modelName: 'gpt-5' }));
    sandbox.emulator.requests.length = 0;
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ modelName: 'gpt-5' }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    // Taken out, they are nobody's business any more.
    sandbox.declare(llm({ modelName: 'gpt-5' }));
    const silent = await sandbox.plan();
    expect(silent.plan).toMatchObject({ changes: [], diagnostics: [] });
  });

  it('notice when the vendor learns to keep them', async () => {
    const sandbox = await open({ unlisted: 'drop' });
    sandbox.declare(llm({ temperature: 0.3 }));
    await sandbox.apply();
    const id = String(sandbox.emulator.objects('LLM')[0]?.id);
    sandbox.emulator.put('LLM', { id, temperature: 0.3 });
    expect((await sandbox.plan()).plan).toMatchObject({ changes: [], diagnostics: [] });
  });

  it('fail the object where the vendor rejects them', async () => {
    const sandbox = await open({ unlisted: 'reject' });
    sandbox.declare(llm(extra));
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { outcomes: [{ status: 'failed', error: { code: 'invalid' } }] },
    });
    expect(sandbox.emulator.objects('LLM')).toEqual([]);
  });
});
