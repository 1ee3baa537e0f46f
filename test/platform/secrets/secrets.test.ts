import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import { openSecrets } from '../../../src/platform/secrets/secrets.js';

let parent: string;
let folder: string;
const env = { PATH: process.env.PATH, API_KEY: 'sk-1234/+ö" ~~~>>>', EMPTY: '' };

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'llmform-secrets-'));
  folder = join(parent, 'project');
  await mkdir(folder);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = (commandTimeoutMs?: number) =>
  openSecrets(folder, { env, ...(commandTimeoutMs && { commandTimeoutMs }) });
const node = (script: string, ...rest: string[]) => ({
  fromCommand: [process.execPath, '-e', script, ...rest],
});

async function summaryOf(promise: Promise<string>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiagnosticError);
  const [first] = (error as DiagnosticError).diagnostics;
  expect(first?.code).toBe('secret');
  return first?.summary ?? '';
}

describe('a secret from the environment', () => {
  it('is its variable', async () => {
    expect(await open().resolve({ fromEnv: 'API_KEY' })).toBe('sk-1234/+ö" ~~~>>>');
  });

  it('must be there and not empty', async () => {
    expect(await summaryOf(open().resolve({ fromEnv: 'NOT_HERE' }))).toContain('NOT_HERE is not set');
    expect(await summaryOf(open().resolve({ fromEnv: 'EMPTY' }))).toContain('EMPTY is empty');
  });
});

describe('a credential that systemd gives a service', () => {
  const withCredentials = (more: Record<string, string> = {}) =>
    openSecrets(folder, { env: { ...env, CREDENTIALS_DIRECTORY: join(parent, 'credentials'), ...more } });
  beforeEach(async () => {
    await mkdir(join(parent, 'credentials'));
    for (const name of ['TOKEN', 'API_KEY', 'EMPTY'])
      await writeFile(join(parent, 'credentials', name), 'from-file\n');
  });

  it('stands in for a variable that is not set', async () => {
    const secrets = withCredentials();
    expect(await secrets.resolve({ fromEnv: 'TOKEN' })).toBe('from-file');
    expect(secrets.sourceOf('from-file')).toEqual({ fromEnv: 'TOKEN' });
  });

  it('does not stand in for one that is set, were it empty', async () => {
    expect(await withCredentials().resolve({ fromEnv: 'API_KEY' })).toBe(env.API_KEY);
    expect(await summaryOf(withCredentials().resolve({ fromEnv: 'EMPTY' }))).toContain('EMPTY is empty');
  });

  it('that is missing is told', async () => {
    expect(await summaryOf(withCredentials().resolve({ fromEnv: 'NOT_HERE' }))).toMatch(
      /NOT_HERE is not set, and there is no credential of that name/,
    );
  });

  it('lies in an absolute folder, and under a plain name', async () => {
    await writeFile(join(parent, 'outside'), 'x');
    for (const name of ['../outside', 'TOKEN/../TOKEN'])
      expect(await summaryOf(withCredentials().resolve({ fromEnv: name }))).toContain('is not set');
    const relative = withCredentials({ CREDENTIALS_DIRECTORY: 'credentials' });
    expect(await summaryOf(relative.resolve({ fromEnv: 'TOKEN' }))).toContain('is not set');
  });
});

describe('a secret from a file', () => {
  it('loses one trailing newline', async () => {
    await writeFile(join(folder, 'key'), 'value\n\n');
    expect(await open().resolve({ fromFile: 'key' })).toBe('value\n');
  });

  it('must be inside the project', async () => {
    await writeFile(join(parent, 'key'), 'value');
    await mkdir(join(parent, 'project-2'));
    await writeFile(join(parent, 'project-2/key'), 'value');
    await symlink('../key', join(folder, 'link'));
    for (const fromFile of ['../key', '../project-2/key', 'link', join(parent, 'key')]) {
      expect(await summaryOf(open().resolve({ fromFile }))).toContain('is outside the project');
    }
  });

  it('is none of the files of git, where the token of a checkout is', async () => {
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/config'), 'extraheader = AUTHORIZATION: basic eA==');
    await symlink('.git/config', join(folder, 'same'));
    for (const fromFile of ['.git/config', 'same']) {
      expect(await summaryOf(open().resolve({ fromFile }))).toContain("is git's own");
    }
  });

  it('must be a small text file', async () => {
    await writeFile(join(folder, 'big'), 'x'.repeat(64 * 1024 + 1));
    await writeFile(join(folder, 'binary'), Buffer.from([0xff, 0xfe, 0x41]));
    await writeFile(join(folder, 'blank'), '\n');
    await mkdir(join(folder, 'folder'));
    const fault = (fromFile: string) => summaryOf(open().resolve({ fromFile }));
    expect(await fault('big')).toContain('larger than 64 KiB');
    expect(await fault('binary')).toContain('UTF-8');
    expect(await fault('blank')).toContain('is empty');
    expect(await fault('folder')).toContain('not a regular file');
    expect(await fault('gone')).toContain('no such file');
  });
});

describe('a secret from a command', () => {
  it('is what the command prints, run in the project folder without a shell', async () => {
    expect(await open().resolve(node('console.log(process.cwd() + process.argv[1])', '$HOME;x'))).toMatch(
      /project\$HOME;x$/,
    );
  });

  it('runs once, however often it is asked for', async () => {
    const secrets = open();
    const reference = node('console.log(Math.random())');
    const [a, b] = await Promise.all([secrets.resolve(reference), secrets.resolve({ ...reference })]);
    expect(a).toBe(b);
  });

  it('fails with the program and the exit code, and shows nothing that it printed', async () => {
    const script = 'console.log("leak1"); console.error("leak2"); process.exit(3)';
    const summary = await summaryOf(open().resolve(node(script, 'leak3')));
    expect(summary).toBe(`the secret command ${process.execPath} failed with exit code 3`);
  });

  it('must exist, print something, and not too much', async () => {
    expect(await summaryOf(open().resolve({ fromCommand: ['no-such-program-here'] }))).toContain(
      'no-such-program-here cannot be run: there is no such program',
    );
    expect(await summaryOf(open().resolve(node('')))).toContain('is empty');
    expect(await summaryOf(open().resolve(node('process.stdout.write("x".repeat(1e6))')))).toContain(
      'more than 64 KiB',
    );
  });

  it('gets no input, and is ended when it takes too long', async () => {
    expect(
      await open().resolve(node('process.stdin.on("data", () => {}).on("end", () => console.log("end"))')),
    ).toBe('end');
    expect(await summaryOf(open(300).resolve(node('setInterval(() => {}, 1000)')))).toContain('within 0.3 s');
  });

  it('does not wait for what an ended command has left behind', async () => {
    const late = join(folder, 'late');
    const lingering = { fromCommand: ['sh', '-c', '(sleep 3; touch late) & wait'] };
    expect(await summaryOf(open(300).resolve(lingering))).toContain('within 0.3 s');
    expect(existsSync(late)).toBe(false);
  });
});

describe('a secret of more than 16 KiB', () => {
  const longest = 'x'.repeat(16 * 1024);

  it('is refused wherever it comes from, with its source and its size', async () => {
    const long = `${longest}x`;
    await writeFile(join(folder, 'long'), long);
    const secrets = openSecrets(folder, { env: { ...env, LONG: long } });
    for (const [reference, source] of [
      [{ fromEnv: 'LONG' }, 'the environment variable LONG'],
      [{ fromFile: 'long' }, 'the file long'],
      [node('process.stdout.write("x".repeat(16385))'), `the command ${process.execPath}`],
    ] as const) {
      expect(await summaryOf(secrets.resolve(reference))).toBe(
        `${source} gives a secret of 16385 bytes, and 16384 are the most`,
      );
    }
    expect(secrets.mask(long)).toBe(long);
  });

  it('is told by its bytes, and the longest one is taken', async () => {
    const secrets = openSecrets(folder, { env: { LONGEST: longest, WIDE: 'ö'.repeat(8193) } });
    expect(await secrets.resolve({ fromEnv: 'LONGEST' })).toBe(longest);
    expect(await summaryOf(secrets.resolve({ fromEnv: 'WIDE' }))).toContain('16386 bytes');
  });
});

describe('the mask', () => {
  it('hides a resolved value in all its usual forms', async () => {
    const secrets = open();
    const value = await secrets.resolve({ fromEnv: 'API_KEY' });
    const bytes = Buffer.from(value);
    const forms = [
      value,
      bytes.toString('base64'),
      bytes.toString('base64url'),
      encodeURIComponent(value),
      encodeURIComponent(value).toLowerCase(),
      JSON.stringify(value).slice(1, -1),
    ];
    expect(forms[1]).toMatch(/[+/]/);
    for (const form of forms) expect(secrets.mask(`<${form}>`)).toMatch(/^<\(sensitive\)=*>$/);
  });

  it('knows only what was resolved, and leaves alone what could be found by trying', async () => {
    const secrets = openSecrets(folder, {
      env: { SHORT: 'abcdefghijklmno', LONG: 'abcdefghijklmnop', LONGER: 'abcdefghijklmnopqr' },
    });
    expect(secrets.mask('abcdefghijklmnop')).toBe('abcdefghijklmnop');
    await secrets.resolve({ fromEnv: 'SHORT' });
    await secrets.resolve({ fromEnv: 'LONG' });
    expect(secrets.mask('abcdefghijklmno abcdefghijklmnop')).toBe('abcdefghijklmno (sensitive)');
    await secrets.resolve({ fromEnv: 'LONGER' });
    expect(secrets.mask('abcdefghijklmnopqr')).toBe('(sensitive)');
  });
});
