import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import { fileError, readBytes, readTextIfPresent, writeFileAtomic } from '../../../src/platform/fs/files.js';
import { findFiles } from '../../../src/platform/fs/find-files.js';
import { parseGlobs } from '../../../src/usecases/find-manifests.js';

let folder: string;
const found = async (...globs: string[]) => (await findFiles(folder, parseGlobs(globs))).files;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, text = ''): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
}

describe('reading', () => {
  it('says in plain words why a file cannot be read', async () => {
    const missing = readBytes(join(folder, 'x.yaml'), { display: 'x.yaml' });
    await expect(missing).rejects.toThrow('x.yaml cannot be read: no such file or folder');
    await expect(missing).rejects.toBeInstanceOf(DiagnosticError);
    await expect(readBytes(folder, { display: 'x' })).rejects.toThrow('it is a folder, not a file');
  });

  it('takes a missing file for no text, and nothing else', async () => {
    expect(await readTextIfPresent(join(folder, 'x'))).toBeUndefined();
    await expect(readTextIfPresent(folder)).rejects.toBeInstanceOf(DiagnosticError);
  });

  it.each([
    ['ENOSPC', 'no space left on the device'],
    ['EACCES', 'permission denied'],
  ])('knows %s', (code, words) => {
    const error = Object.assign(new Error('secret internals'), { code });
    const { diagnostics } = fileError('write', '/p', error, { display: 'p', code: 'ledger' });
    expect(diagnostics).toEqual([
      { severity: 'error', code: 'ledger', summary: `p cannot be written: ${words}`, file: 'p' },
    ]);
  });
});

describe('writing', () => {
  it('replaces the file as a whole, with the mode asked for, and leaves nothing behind', async () => {
    const path = join(folder, 'ledger.json');
    await writeFile(path, 'old and longer', { mode: 0o666 });
    await writeFileAtomic(path, 'new', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['ledger.json']);
  });

  it('writes to where a link points', async () => {
    await put('real.json', 'old');
    await symlink('real.json', join(folder, 'link.json'));
    await writeFileAtomic(join(folder, 'link.json'), 'new');
    expect(await readFile(join(folder, 'real.json'), 'utf8')).toBe('new');
  });

  it('fails in plain words, and cleans up', async () => {
    await mkdir(join(folder, 'taken'));
    await expect(writeFileAtomic(join(folder, 'taken'), 'x', { display: 'taken' })).rejects.toThrow(
      /^taken cannot be written: it is a folder/,
    );
    await expect(writeFileAtomic(join(folder, 'no/where'), 'x')).rejects.toThrow('no such file or folder');
    expect(await readdir(folder)).toEqual(['taken']);
  });
});

describe('finding', () => {
  it('finds what matches, sorted, without dot folders and node_modules', async () => {
    for (const path of [
      'b.yaml',
      'a/z.yaml',
      'a/b/c.yml',
      'a/n.txt',
      '.git/x.yaml',
      'a/node_modules/p/x.yaml',
    ]) {
      await put(path);
    }
    expect(await found('**/*.{yaml,yml}')).toEqual(['a/b/c.yml', 'a/z.yaml', 'b.yaml']);
    expect(await found('a/*.yaml', 'nothing/*.yaml')).toEqual(['a/z.yaml']);
    expect(await found('**/*.yaml', 'b.yaml', '!a/**')).toEqual(['b.yaml']);
  });

  it('does not leave the folder, by .. or by links', async () => {
    await put('outside/x.yaml');
    await put('project/in/a.yaml');
    const project = join(folder, 'project');
    await symlink('../outside', join(project, 'out'));
    await symlink('../outside/x.yaml', join(project, 'x.yaml'));
    await symlink('in/a.yaml', join(project, 'linked.yaml'));
    await symlink('in', join(project, 'also'));
    await symlink('..', join(project, 'in/loop'));
    await symlink('nowhere', join(project, 'lost.yaml'));
    await symlink('self', join(project, 'self'));
    await symlink('/dev/null', join(project, 'null.yaml'));
    await symlink('../outside/x.yaml', join(project, 'notes.txt'));
    await promisify(execFile)('mkfifo', [join(project, 'pipe.yaml'), join(project, 'pipe.txt')]);
    const { files, unseen } = await findFiles(project, parseGlobs(['**/*.yaml']));
    expect(files).toEqual(['also/a.yaml', 'in/a.yaml', 'linked.yaml']);
    expect(unseen).toEqual([
      { what: 'link', place: 'also/loop', leads: 'in-circles' },
      { what: 'link', place: 'in/loop', leads: 'in-circles' },
      { what: 'link', place: 'lost.yaml', leads: 'nowhere' },
      { what: 'link', place: 'null.yaml', leads: 'outside' },
      { what: 'link', place: 'out', leads: 'outside' },
      { what: 'special', place: 'pipe.yaml' },
      { what: 'link', place: 'self', leads: 'in-circles' },
      { what: 'link', place: 'x.yaml', leads: 'outside' },
    ]);
    const excluded = ['**/*.yaml', '!{lost,null,pipe,x}.yaml', '!{in,also}/loop', '!out', '!self'];
    expect((await findFiles(project, parseGlobs(excluded))).unseen).toEqual([]);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('says so when a folder on the way cannot be read', async () => {
    await put('a/closed/x.yaml');
    await chmod(join(folder, 'a/closed'), 0o000);
    const { unseen } = await findFiles(folder, parseGlobs(['**/*.yaml']));
    expect(unseen).toEqual([{ what: 'unreadable', place: 'a/closed', why: 'permission denied' }]);
    await chmod(join(folder, 'a/closed'), 0o700);
  });

  it('ends where links multiply', async () => {
    for (let level = 0; level < 9; level += 1) {
      await mkdir(join(folder, `d${level}`));
      for (let n = 0; n < 10; n += 1) await symlink(`../d${level + 1}`, join(folder, `d${level}/l${n}`));
    }
    await mkdir(join(folder, 'd9'));
    await expect(found('d0/**/*.yaml')).rejects.toThrow('more than 100000 folders');
  }, 60_000);

  it('says so when the folder itself is not there', async () => {
    await expect(findFiles(join(folder, 'gone'), parseGlobs(['*']))).rejects.toThrow(
      'no such file or folder',
    );
  });
});
