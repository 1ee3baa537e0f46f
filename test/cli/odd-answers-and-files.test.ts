import { execFile } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { openSandbox, type Sandbox } from '../support/sandbox.js';

const [FIRST, OTHER] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

function llm(name: string, modelName = 'gpt-4o'): JsonObject {
  return {
    apiVersion: 'llmform/v1',
    kind: 'LLM',
    vendor: 'anam',
    metadata: { name },
    spec: {
      displayName: name,
      llmFormat: 'openai',
      modelName,
      urls: [{ url: 'https://api.openai.com/v1/chat/completions' }],
      secret: { fromEnv: 'SECRET' },
    },
  };
}

/** From now on the vendor carries out one create and answers with another object. */
function answerNextCreateWith({ emulator }: Sandbox, body: JsonObject): void {
  const match = { method: 'POST' };
  emulator.faults.push({ match, times: 1, effect: { type: 'status', status: 201, body, applied: true } });
}

function named({ emulator }: Sandbox, name: string): JsonObject[] {
  return emulator.objects('LLM').filter(({ displayName }) => displayName === name);
}

describe('a create that is answered with the id of another object', () => {
  it('never binds an object that others made', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    const theirs = { id: OTHER, displayName: 'theirs', llmFormat: 'openai', modelName: 'theirs', urls: [] };
    sandbox.emulator.put('LLM', theirs);
    sandbox.declare(llm('ours'));
    answerNextCreateWith(sandbox, theirs);
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.ledger().objects['anam/LLM/ours']?.id).toBe(named(sandbox, 'ours')[0]?.id);

    sandbox.declare(llm('ours', 'gpt-5'));
    expect((await sandbox.apply()).code).toBe(0);
    expect(named(sandbox, 'theirs')).toMatchObject([{ modelName: 'theirs' }]);
    expect(named(sandbox, 'ours')).toMatchObject([{ modelName: 'gpt-5' }]);
  });

  it('fails where the object carries the mark of another manifest, and the next apply finds the right one', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(llm('ours'));
    const other = { id: FIRST, displayName: 'other', llmFormat: 'openai', modelName: 'gpt-4o', urls: [] };
    const appear = () =>
      sandbox.emulator.put('LLM', { ...other, metadata: { llmform: 'tests/anam/LLM/other' } });
    answerNextCreateWith(sandbox, other);
    // After planning has listed the objects.
    sandbox.confirm = async () => {
      appear();
      return true;
    };
    const { code, out } = await sandbox.run('apply');
    expect(code).toBe(3);
    expect(out).toContain('the id of another object');
    expect(sandbox.ledger().objects).toEqual({});

    sandbox.emulator.drop('LLM', FIRST);
    expect((await sandbox.apply()).code).toBe(0);
    expect(named(sandbox, 'ours')).toHaveLength(1);
    expect(sandbox.ledger().objects['anam/LLM/ours']?.id).toBe(named(sandbox, 'ours')[0]?.id);
  });
});

describe('a ledger of 1.5 GB', () => {
  it('is refused without being read', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(llm('ours'));
    const path = join(sandbox.folder, '.llmform', 'ledger.json');
    sandbox.write('.llmform/ledger.json', '');
    await truncate(path, 1.5 * 1024 ** 3);
    const { code, err } = await sandbox.run('plan');
    await truncate(path, 0);
    expect(code).toBe(1);
    expect(err).toContain('error[ledger] .llmform/ledger.json is larger than 256 MiB');
  });
});

describe('a saved plan', () => {
  it('is written into a pipe, which stays one', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(llm('ours'));
    const pipe = join(sandbox.folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const [read, { code }] = await Promise.all([
      readFile(pipe, 'utf8'),
      sandbox.run('plan', '-o', 'pipe', '--format', 'json'),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(read)).toMatchObject({ summary: { create: 1 } });
    expect(existsSync(pipe) && lstatSync(pipe).isFIFO()).toBe(true);
    await promisify(execFile)('rm', [pipe]);
  });
});
