import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { openClient, openProject as openLibraryProject } from '../../src/index.js';
import type { ApplyReport } from '../../src/model/outcome.js';
import { planIn, reportIn } from '../support/output-schemas.js';
import { anamLlms, anamProject, emulate, KEYS, type Project, writesTo } from '../support/project.js';
import { CLI, parsed, startProgram } from '../support/run-cli.js';
import { capturingTerminal } from '../support/terminal.js';

const NAMES = Array.from({ length: 24 }, (_, i) => `llm-${String(i).padStart(2, '0')}`);

async function shop(settings = '') {
  const anam = await emulate('anam');
  return { anam, project: await anamProject(anam.url, anamLlms(...NAMES), settings) };
}

function applied(stdout: string): ApplyReport {
  return reportIn(stdout) as unknown as ApplyReport;
}

/** Runs a line of sh in which `llmform` is the command. */
function shell({ path, env }: Project, script: string) {
  const command = script.replace('llmform', `exec "${process.execPath}" "${CLI}"`);
  return startProgram('/bin/sh', ['-c', command], { cwd: path, env });
}

/** Another apply, with nothing in its way, leaves one object for each manifest, and nothing to do. */
async function converges({ anam, project }: Awaited<ReturnType<typeof shop>>): Promise<void> {
  expect((await project.run('apply', '--auto-approve')).code).toBe(0);
  const names = anam.objects('LLM').map(({ displayName }) => displayName);
  expect(names.sort()).toEqual(NAMES);
  expect(planIn((await project.run('plan', '--format', 'json')).out).changes).toEqual([]);
}

const ONE_BY_ONE = '    concurrency: 1\n';

describe('an apply whose ledger cannot be written any more', () => {
  // A limit on the size of files stands for a full disk: 8 blocks of 512 bytes hold a few objects.
  it('ends with 3, tells the outcome of every object, and sends nothing more', async () => {
    const { anam, project } = await shop(ONE_BY_ONE);
    const script = 'ulimit -f 8; llmform apply --auto-approve --format json';
    const { exitCode, stdout, stderr } = await shell(project, script);
    expect({ exitCode, stderr: stderr.includes('[internal]') }).toEqual({ exitCode: 3, stderr: false });
    const { outcomes, summary, requests, diagnostics } = applied(stdout);
    expect(outcomes).toHaveLength(NAMES.length);
    expect(summary.applied).toBeGreaterThan(0);
    expect(summary.failed).toBeGreaterThan(0);
    expect(summary.skipped).toBeGreaterThan(0);
    expect(requests.write).toBe(writesTo(anam).length);
    expect(writesTo(anam).length).toBeLessThan(NAMES.length);
    const [failed] = outcomes.filter(({ status }) => status === 'failed');
    expect(failed?.error).toMatchObject({
      code: 'ledger',
      message: expect.stringContaining('cannot be written'),
    });
    const skipped = outcomes.filter(({ status }) => status === 'skipped');
    expect(new Set(skipped.map(({ error }) => error?.message))).toEqual(
      new Set(['the ledger could not be written before it was started']),
    );
    expect(diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', code: 'ledger' }));
    // What there was room for is a whole ledger.
    expect(
      Object.keys(parsed(await project.read('.llmform/ledger.json')).objects ?? {}).length,
    ).toBeGreaterThan(0);
    await converges({ anam, project });
  });

  it('says the id of an object that was created and could not be recorded', async () => {
    const { anam, project } = await shop(ONE_BY_ONE);
    const { stdout } = await shell(project, 'ulimit -f 6; llmform apply --auto-approve --format json');
    const told = applied(stdout).outcomes.flatMap(({ status, id }) =>
      status === 'skipped' ? [] : (id ?? []),
    );
    expect(told.sort()).toEqual(
      anam
        .objects('LLM')
        .map(({ id }) => id)
        .sort(),
    );
    await converges({ anam, project });
  });

  it('ends with 1 when nothing was sent before', async () => {
    const { anam, project } = await shop(ONE_BY_ONE);
    const { exitCode, stderr } = await shell(project, 'ulimit -f 0; llmform apply --auto-approve');
    expect({ exitCode, writes: writesTo(anam) }).toEqual({ exitCode: 1, writes: [] });
    expect(stderr).toContain('error[ledger]');
    await converges({ anam, project });
  });
});

const noFull = existsSync('/dev/full') ? '' : ' (skipped: this system has no /dev/full)';

describe('an apply whose output cannot be read', () => {
  it.skipIf(noFull !== '').each(['text', 'json', 'markdown'])(
    `finishes, records and ends with 0 when stdout is full: %s${noFull}`,
    async (format) => {
      const { anam, project } = await shop();
      const script = `llmform apply --auto-approve --format ${format} > /dev/full`;
      const { exitCode, stderr } = await shell(project, script);
      expect(exitCode).toBe(0);
      expect(stderr).toContain('the results could not be written to stdout: no space left on the device');
      expect(writesTo(anam)).toHaveLength(NAMES.length);
      expect(Object.keys(parsed(await project.read('.llmform/ledger.json')).objects ?? {})).toHaveLength(24);
      await converges({ anam, project });
    },
  );

  it.skipIf(noFull !== '')('ends with 3 when stdout is full and an object failed', async () => {
    const { anam, project } = await shop();
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'status', status: 400 } });
    const { exitCode } = await shell(project, 'llmform apply --auto-approve > /dev/full');
    expect(exitCode).toBe(3);
    await converges({ anam, project });
  });

  it('notices a disk that takes only a part of the report', async () => {
    const { anam, project } = await shop();
    const script = 'ulimit -f 48; llmform apply --auto-approve --format json > report.json';
    // The ledger fits; the report is made to be larger by what stands in the file already.
    await project.write({ 'report.json': 'x'.repeat(24 * 1024 - 100) });
    const { exitCode, stderr } = await shell(project, script.replace('> report', '>> report'));
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the results could not be written to stdout: ');
    await converges({ anam, project });
  });

  it('finishes when the reader of stdout went away, and says so', async () => {
    const { anam, project } = await shop();
    const running = project.start('apply', '--auto-approve');
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the results could not be written to stdout: its reader went away');
    await converges({ anam, project });
  });

  it.each([
    ['closed', '2>&-'],
    ['full', '2>/dev/full'],
  ])('ends with a true code when stderr is %s', async (_, redirection) => {
    const { anam, project } = await shop();
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'status', status: 400 } });
    const script = `llmform apply --auto-approve --format json --log-level debug ${redirection}`;
    const { exitCode, stdout } = await shell(project, script);
    expect(exitCode).toBe(3);
    expect(applied(stdout).summary).toMatchObject({ applied: 23, failed: 1 });
    await converges({ anam, project });
  });

  it('ends with a true code when the reader of stderr went away', async () => {
    const { anam, project } = await shop();
    const running = project.start('apply', '--auto-approve', '--format', 'json');
    running.stderr.destroy();
    const { exitCode, stdout } = await running;
    expect({ exitCode, summary: applied(stdout).summary.applied }).toEqual({ exitCode: 0, summary: 24 });
    await converges({ anam, project });
  });

  it('refuses a question about a plan that could not be shown', async () => {
    const { anam, project } = await shop();
    const { path: cwd, env } = project;
    const terminal = capturingTerminal({
      cwd,
      env,
      confirm: async () => true,
      outputFault: async () => 'ENOSPC',
    });
    expect(await main(['apply'], terminal)).toBe(4);
    expect(terminal.printed().err).toContain('the plan could not be shown');
    expect(writesTo(anam)).toEqual([]);
  });
});

describe('a command that only prints', () => {
  const LINES = [
    'error[file] the results could not be written to stdout: no space left on the device',
    '  The output is incomplete.',
    '1 error',
  ];

  it
    .skipIf(noFull !== '')
    .each(['--version', '-V', '--help', 'help', 'help plan', 'validate', 'emulate anam'])(
    `ends with 1 and says so when stdout is full: %s${noFull}`,
    async (command) => {
      const { project } = await shop();
      const { exitCode, stderr } = await shell(project, `llmform ${command} > /dev/full`);
      expect({ exitCode, lines: stderr.trimEnd().split('\n') }).toEqual({ exitCode: 1, lines: LINES });
    },
  );

  it.each(['--version', '--help'])('ends with 0 when its reader went away: %s', async (flag) => {
    const { project } = await shop();
    const running = project.start(flag);
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('a mistake of llmform in the middle of an apply', () => {
  it.each([
    ['before it is sent', false],
    ['at its answer', true],
  ])('fails the one object that it hits, %s', async (_, sent) => {
    const { anam, project } = await shop();
    let struck = 0;
    const library = await openLibraryProject(join(project.path, 'llmform.yaml'), {
      env: KEYS,
      ports: {
        client(target, vendor, credential) {
          const client = openClient(target, vendor, credential, { clean: (text) => text });
          return {
            ...client,
            get counts() {
              return client.counts;
            },
            async write(request) {
              if (request.op !== 'create' || request.body?.displayName !== 'llm-07' || struck > 0) {
                return client.write(request);
              }
              struck += 1;
              if (sent) await client.write(request);
              throw new TypeError('sk-foreign-text');
            },
          };
        },
      },
    });
    const { report, whole } = await library.apply();
    expect(report.outcomes).toHaveLength(NAMES.length);
    expect(whole).toBe(sent);
    const [hit] = report.outcomes.filter(({ address }) => address === 'anam/LLM/llm-07');
    // What the vendor did is found again by its mark, as after any unclear answer.
    if (sent) expect(hit).toMatchObject({ status: 'applied' });
    else {
      const message = expect.stringMatching(/^a bug in llmform: TypeError/);
      expect(hit).toMatchObject({ status: 'failed', error: { code: 'internal', message } });
    }
    expect(JSON.stringify(report)).not.toContain('sk-foreign');
    expect(report.summary.applied).toBe(sent ? 24 : 23);
    await converges({ anam, project });
  });

  it('ends with 3 where nothing catches it', async () => {
    const { anam, project } = await shop(ONE_BY_ONE);
    await project.write({
      'strike.mjs': `import { existsSync } from 'node:fs';
setInterval(() => { if (existsSync('strike')) throw new TypeError('sk-foreign-text'); }, 5).unref();
`,
    });
    anam.faults.push({
      match: { method: 'POST' },
      skip: 5,
      times: 1,
      effect: { type: 'meanwhile', run: () => writeFileSync(join(project.path, 'strike'), '') },
    });
    anam.faults.push({ match: { method: 'POST' }, effect: { type: 'slow', ms: 20 } });
    const NODE_OPTIONS = '--import=./strike.mjs';
    const { code, err } = await project.runWith({ NODE_OPTIONS }, 'apply', '--auto-approve');
    expect(code).toBe(3);
    expect(err).toContain('error[internal] a bug in llmform: TypeError');
    expect(err).not.toContain('sk-foreign');
    anam.faults.length = 0;
    await converges({ anam, project });
  });

  it('ends with 3 when it comes after the writes', async () => {
    const { anam, project } = await shop();
    const { path: cwd, env } = project;
    const terminal = capturingTerminal({
      cwd,
      env,
      out(text) {
        if (text.includes('24 applied')) throw new TypeError('sk-foreign-text');
      },
    });
    expect(await main(['apply', '--auto-approve'], terminal)).toBe(3);
    expect(terminal.printed().err).toContain('error[internal] a bug in llmform: TypeError');
    expect(terminal.printed().err).not.toContain('sk-foreign');
    expect(writesTo(anam)).toHaveLength(NAMES.length);
    await converges({ anam, project });
  });
});
