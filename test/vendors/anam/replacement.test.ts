import { describe, expect, it } from 'vitest';
import { bodies, llm, settled } from '../../support/anam.js';
import { crashAfterCreate } from '../../support/crash.js';
import { writesTo } from '../../support/sandbox.js';

describe('a replacement at Anam', () => {
  it('loses nothing when the vendor refuses the new one', async () => {
    const sandbox = await settled({}, llm());
    const before = sandbox.emulator.objects('LLM');
    sandbox.declare(llm({ llmFormat: 'gemini' }));
    sandbox.emulator.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'status', status: 400 },
    });
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(3);
    expect(sandbox.emulator.objects('LLM')).toEqual(before);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ llmFormat: 'gemini' }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('finds the new one beside the old one when the answer was lost', async () => {
    const sandbox = await settled({}, llm());
    sandbox.declare(llm({ llmFormat: 'gemini' }));
    sandbox.emulator.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'reset', when: 'after' },
    });
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ llmFormat: 'gemini' }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('removes what a crash left behind, and not what a person made under the same name', async () => {
    const sandbox = await settled({}, llm());
    sandbox.declare(llm({ llmFormat: 'gemini' }));
    crashAfterCreate(sandbox.emulator);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(3);
    sandbox.emulator.faults.length = 0;
    const theirs = sandbox.emulator.put('LLM', { displayName: 'One', modelName: 'theirs' });
    expect(sandbox.emulator.objects('LLM')).toHaveLength(3);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(4);
    expect((await sandbox.apply('--max-delete', '2')).code).toBe(0);
    const left = sandbox.emulator.objects('LLM');
    expect(left).toHaveLength(2);
    expect(left.map(({ id }) => id)).toContain(theirs);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('creates directly what an update could not write', async () => {
    const sandbox = await settled({}, llm({ llmFormat: 'none' }));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(llm({ llmFormat: 'none', modelName: 'other' }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ modelName: 'other' }]);
  });
});
