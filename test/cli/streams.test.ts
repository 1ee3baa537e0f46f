import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate } from '../support/project.js';
import { hasTerminal, startOnTerminal } from '../support/real-terminal.js';
import { CLI, environment } from '../support/run-cli.js';

const ESCAPE = '\u001b[';

async function project() {
  const anam = await emulate('anam');
  return anamProject(anam.url, anamLlms('support'));
}

describe('colour', () => {
  it('is not sent into a pipe', async () => {
    const { run } = await project();
    for (const command of ['validate', 'plan', 'apply']) {
      const { out, err } = await run(command);
      expect(out + err).not.toContain(ESCAPE);
    }
    expect((await run('plan', '--target', 'nobody')).err).not.toContain(ESCAPE);
  });

  it('is sent where FORCE_COLOR asks for it, unless --no-color forbids it', async () => {
    const { runWith } = await project();
    const FORCE_COLOR = '1';
    expect((await runWith({ FORCE_COLOR }, 'plan')).out).toContain(ESCAPE);
    expect((await runWith({ FORCE_COLOR }, 'plan', '--target', 'nobody')).err).toContain(ESCAPE);
    expect((await runWith({ FORCE_COLOR }, 'plan', '--no-color')).out).not.toContain(ESCAPE);
    expect((await runWith({ FORCE_COLOR }, 'plan', '--format', 'json')).out).not.toContain(ESCAPE);
  });

  const reason = hasTerminal ? '' : ' (skipped: util-linux script is not there to make a terminal)';
  it.skipIf(!hasTerminal)(`is sent to a terminal, and NO_COLOR wins over it${reason}`, async () => {
    const { path: cwd, env } = await project();
    expect((await startOnTerminal(['plan'], { cwd, env })).stdout).toContain(ESCAPE);
    const plain = await startOnTerminal(['plan'], { cwd, env: { ...env, NO_COLOR: '1' } });
    expect(plain.stdout).toContain('create LLM/support');
    expect(plain.stdout).not.toContain(ESCAPE);
  });
});

describe('output without a reader', () => {
  it('is not a failure where a reader has had enough', async () => {
    const { path, env } = await project();
    const running = execa(process.execPath, [CLI, 'plan', '--format', 'json'], {
      cwd: path,
      env: environment(env),
      extendEnv: false,
      reject: false,
    });
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('is an error without a stack trace where the disk is full', async ({ skip }) => {
    const full = createWriteStream('/dev/full');
    const opened = await once(full, 'open').then(
      () => true,
      () => false,
    );
    if (!opened) skip('this system has no /dev/full');
    const { path, env } = await project();
    const { exitCode, stderr } = await execa(process.execPath, [CLI, 'plan'], {
      cwd: path,
      env: environment(env),
      extendEnv: false,
      reject: false,
      stdout: full,
    });
    full.destroy();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('could not be written to stdout: no space left on the device');
    expect(stderr).not.toContain('    at ');
  });
});
