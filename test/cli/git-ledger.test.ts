import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHub } from '../support/git-repository.js';
import { anamLlms, emulate, KEYS, later, projectFile, write, writesTo } from '../support/project.js';
import { llmform } from '../support/run-cli.js';

async function runners(settings = 'ledger: { type: git }\n') {
  const emulator = await emulate('anam');
  const hub = await openHub();
  later(() => hub.remove());
  const files = { 'llmform.yaml': projectFile(emulator.url, settings), ...anamLlms('support', 'sales') };
  const open = async (name: string) => {
    const cwd = await hub.clone(name, '--depth=1');
    await write(cwd, files);
    return (...args: string[]) => llmform(args, { cwd, env: { ...KEYS, ...hub.env, CI: 'true' } });
  };
  return { emulator, hub, open };
}

describe('a ledger in git, as the runners of a CI see it', () => {
  it('is passed on from one to the next, with one commit for each apply', async () => {
    const { emulator, hub, open } = await runners();
    const first = await open('first');
    const applied = await first('apply', '--auto-approve');
    expect(applied).toMatchObject({ code: 0 });
    expect(await hub.history()).toEqual(['llmform apply: 2 applied']);
    const body = await hub.git(hub.bare, 'log', '-1', '--format=%b', 'refs/llmform/ledger');
    expect(body).toMatch(/^applied {2}create {3}anam\/LLM\/sales$/m);
    expect(body).toMatch(/^Fingerprint: sha256:[0-9a-f]{64}$/m);
    expect(body).not.toContain(KEYS.OPENAI);

    const second = await open('second');
    const planned = await second('plan', '--detailed-exitcode');
    expect(planned).toMatchObject({ code: 0 });
    const writes = writesTo(emulator).length;
    expect(await second('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(writesTo(emulator)).toHaveLength(writes);
    expect(await hub.history()).toHaveLength(1);
    expect(await hub.tip('refs/llmform/lock')).toBe('');
  });

  it('that may not push sends nothing to the vendor and says what is missing', async () => {
    const { emulator, hub, open } = await runners();
    await hub.hook('pre-receive', 'exit 1');
    const refused = await (await open('runner'))('apply', '--auto-approve', '--format', 'json');
    expect(refused.code).toBe(1);
    const { diagnostics } = JSON.parse(refused.out);
    expect(diagnostics[0]).toMatchObject({ code: 'ledger', severity: 'error' });
    expect(diagnostics[0].detail).toContain('contents: write');
    expect(emulator.requests).toEqual([]);
  });

  it.each([
    ['a key in the query', 'http://127.0.0.1:1/x.git?private_token=hunter2secretpw'],
    ['a user and a password', 'http://u:hunter2secretpw@127.0.0.1:1/x.git'],
  ])('does not print the address of a remote with %s', async (_, url) => {
    const { hub, open } = await runners();
    const run = await open('runner');
    await hub.git(join(hub.folder, 'runner'), 'remote', 'set-url', 'origin', url);
    const { code, out, err } = await run('plan');
    expect(code).toBe(1);
    expect(out + err).toContain('the ledger at the remote origin cannot be reached');
    expect(out + err).not.toContain('hunter2');
  });

  it('stops before the first POST when its intent cannot be pushed', async () => {
    const { emulator, hub, open } = await runners();
    // The lock goes through, and nothing after it.
    await hub.hook('update', 'test "$1" = refs/llmform/lock');
    const { code, out } = await (await open('runner'))('apply', '--auto-approve');
    expect(code).not.toBe(0);
    expect(writesTo(emulator)).toEqual([]);
    expect(out).not.toContain('    at ');
    expect(await hub.tip('refs/llmform/lock')).toBe('');
  });
});
