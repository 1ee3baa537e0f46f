import { describe, expect, it } from 'vitest';
import { llm, open, settled } from '../../support/anam.js';
import { readsFrom, writesTo } from '../../support/sandbox.js';

describe('what Anam leaves open', () => {
  it.each(['replace', 'merge'])('metadata on update: %s', async (metadataOnUpdate) => {
    const sandbox = await settled({ metadataOnUpdate }, llm({ metadata: { team: 'a', stage: 'live' } }));
    const id = String(sandbox.emulator.objects('LLM')[0]?.id);
    const there = sandbox.emulator.objects('LLM')[0]?.metadata;
    sandbox.emulator.put('LLM', { id, metadata: { ...Object(there), people: 'theirs' } });
    sandbox.declare(llm({ metadata: { team: 'b', stage: 'live' } }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')[0]?.metadata).toEqual({
      team: 'b',
      stage: 'live',
      people: 'theirs',
      llmform: 'tests/here/LLM/one',
    });
    // A merging vendor cannot be told to remove a key: that is reported once, and then left.
    sandbox.declare(llm({ metadata: { team: 'b' } }));
    expect((await sandbox.apply()).code).toBe(metadataOnUpdate === 'merge' ? 3 : 0);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
    expect((await sandbox.apply()).code).toBe(0);
  });

  it.each(['sample', 'null', 'absent', 'empty'])(
    'how fields read that were never sent: %s',
    async (unset) => {
      const sandbox = await settled({ unset }, llm());
      expect((await sandbox.plan()).plan.changes).toEqual([]);
      sandbox.declare(llm({ description: 'New', metadata: { team: 'a' } }));
      expect((await sandbox.apply()).code).toBe(0);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it.each([
    [{ maxPerPage: 10, perPageOverLimit: 'clamp' }, 3],
    [{ maxPerPage: 100, perPageOverLimit: 'reject' }, 1],
  ])('how many fit on a page: %j', async (options, pages) => {
    const sandbox = await open(options);
    for (let i = 0; i < 25; i += 1) sandbox.emulator.put('LLM', { displayName: `Number ${i}` });
    sandbox.declare(llm());
    expect((await sandbox.apply()).code).toBe(0);
    const { changes, requests } = (await sandbox.plan()).plan;
    expect({ changes, read: requests.read }).toEqual({ changes: [], read: pages });
  });

  it.each(['oldest-first', 'newest-first'])('the order of the listing: %s', async (order) => {
    const sandbox = await open({ order, maxPerPage: 3, perPageOverLimit: 'clamp' });
    for (let i = 0; i < 8; i += 1) sandbox.emulator.put('LLM', { displayName: `Number ${i}` });
    sandbox.declare(llm());
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('a listing that moves while it is read is not trusted', async () => {
    const sandbox = await open({ maxPerPage: 3, perPageOverLimit: 'clamp', order: 'shifting' });
    for (let i = 0; i < 8; i += 1) sandbox.emulator.put('LLM', { displayName: `Number ${i}` });
    sandbox.declare(llm());
    const { code, plan } = await sandbox.plan();
    expect({ code, changes: plan.changes }).toEqual({ code: 1, changes: [] });
    expect((await sandbox.apply()).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it.each([0, 1])('the last page of nothing: %i', async (lastPageOfEmpty) => {
    const sandbox = await open({ lastPageOfEmpty });
    sandbox.declare(llm());
    expect((await sandbox.plan()).plan.summary.create).toBe(1);
  });

  it.each([true, false])(
    'whether it lists what is shared although it was not asked to: %s',
    async (listsGlobals) => {
      const sandbox = await open({ listsGlobals });
      sandbox.emulator.put('LLM', { displayName: 'One', isGlobal: true, createdByOrganizationId: 'another' });
      sandbox.declare(llm());
      expect((await sandbox.plan('--prune')).plan.changes).toMatchObject([{ action: 'create' }]);
      for (const path of readsFrom(sandbox.emulator)) expect(path).toContain('includeDefaults=false');
    },
  );

  it.each(['error', 'message', 'details', 'empty', 'html'])(
    'what an error looks like: %s',
    async (errorBody) => {
      const sandbox = await open({ errorBody, unlisted: 'reject' });
      sandbox.declare(llm({ temperature: 0.3 }));
      const { code, report } = await sandbox.apply();
      expect(code).toBe(3);
      const message = report.outcomes[0]?.error?.message ?? '';
      expect(message).toMatch(
        errorBody === 'empty' || errorBody === 'html' ? /invalid \(HTTP 400\)/ : /temperature/,
      );
    },
  );

  it('an id of what is built in cannot be bound', async () => {
    const sandbox = await open();
    sandbox.declare({ ...llm(), metadata: { name: 'one', id: 'ANAM_LLAMA_v3_3_70B_V1' } });
    expect((await sandbox.plan()).code).toBe(1);
    expect((await sandbox.apply()).code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });
});
