import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyLedger, openFileLedger } from '../../../src/ledger/index.js';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import type { Ledger } from '../../../src/model/ledger.js';
import { ledgerOf } from '../../support/ledger.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-ledger-'));
  path = join(folder, '.llmform', 'ledger.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const store = () => openFileLedger(path, '.llmform/ledger.json');

const full: Ledger = ledgerOf({
  project: 'avatars',
  targets: { t: { vendor: 'anam', baseUrl: 'https://api.anam.ai', account: 'org-1' } },
  objects: {
    't/LLM/b': {
      vendor: 'anam',
      id: '1',
      applied: { '/name': 's:x', '/labels/__proto__': 's:y' },
      notPersisted: { '/t': 's:z' },
      preventDestroy: true,
      retired: ['0'],
    },
    't/LLM/a': { vendor: 'anam', id: '2', applied: {} },
  },
  intents: { 't/LLM/c': { vendor: 'goodmem', id: '3', known: [] } },
});

async function saveOnce(ledger: Ledger): Promise<void> {
  const lock = await store().lock();
  await lock.save(ledger);
  await lock.release();
}

async function put(text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

async function diagnosticOf(promise: Promise<unknown>) {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiagnosticError);
  const [first] = (error as DiagnosticError).diagnostics;
  expect(first?.code).toBe('ledger');
  return first;
}

describe('a ledger in a file', () => {
  it('is undefined before it was first saved', async () => {
    expect(await store().read()).toBeUndefined();
  });

  it('comes back as it was saved, from a file that only its owner reads', async () => {
    await saveOnce(full);
    expect(await store().read()).toEqual(full);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['ledger.json']);
  });

  it('gives the same text for the same content, one member a line, sorted', async () => {
    await saveOnce(full);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^\{\n {2}"formatVersion": 2,\n/);
    expect(text.indexOf('t/LLM/a')).toBeLessThan(text.indexOf('t/LLM/b'));
    const again = JSON.parse(text);
    await saveOnce({ ...again, serial: again.serial - 1 });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('keeps names such as __proto__ as plain members', async () => {
    const objects = JSON.parse(
      '{"__proto__": {"vendor": "anam", "id": "1", "applied": {"__proto__": "s:x"}}}',
    );
    await saveOnce({ ...full, objects });
    const read = await store().read();
    expect(Object.keys(read?.objects ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read?.objects)).toBe(Object.prototype);
    expect(({} as { vendor?: string }).vendor).toBeUndefined();
  });

  it('starts empty with a salt of its own', () => {
    const [a, b] = [emptyLedger('p'), emptyLedger('p')];
    expect(a).toMatchObject({ formatVersion: 2, serial: 0, project: 'p', objects: {}, intents: {} });
    expect(Buffer.from(a.salt, 'base64')).toHaveLength(16);
    expect(a.salt).not.toBe(b.salt);
    expect(a.lineage).not.toBe(b.lineage);
  });
});

describe('saving', () => {
  it('resolves only when that state, or a newer one, is in the file', async () => {
    const lock = await store().lock();
    const numbered = (n: number): Ledger => ({
      ...full,
      objects: { 't/LLM/n': { vendor: 'anam', id: String(n), applied: {} } },
    });
    const seen: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        if (n % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
        await lock.save(numbered(n));
        const { objects } = JSON.parse(await readFile(path, 'utf8'));
        seen.push(Number(objects['t/LLM/n'].id));
      }),
    );
    await lock.save(numbered(100));
    await lock.release();
    expect(seen).toHaveLength(40);
    expect((await store().read())?.objects['t/LLM/n']?.id).toBe('100');
  });

  it('puts the latest of many calls into one write, and goes on after a failed one', async () => {
    const lock = await store().lock();
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(ids.map((project) => lock.save({ ...full, project })));
    expect((await store().read())?.project).toBe('d');

    await rm(path);
    await mkdir(path);
    const failed = await diagnosticOf(lock.save(full));
    expect(failed?.summary).toBe('.llmform/ledger.json cannot be written: it is a folder, not a file');
    await rm(path, { recursive: true });
    await lock.save(full);
    await lock.release();
    expect((await store().read())?.project).toBe('avatars');
  });

  it('never shows half a ledger to a reader', async () => {
    const known = Array.from({ length: 50_000 }, (_, n) => `id-${n}`);
    const large = { ...full, intents: { 't/LLM/c': { vendor: 'goodmem', known } } };
    await saveOnce(large);
    const lock = await store().lock();
    let saving = true;
    const saves = (async () => {
      for (let round = 0; round < 10; round += 1) await lock.save(large);
      saving = false;
    })();
    while (saving) expect((await store().read())?.intents['t/LLM/c']?.known).toHaveLength(50_000);
    await saves;
    await lock.release();
  });

  it('is waited for by release', async () => {
    const lock = await store().lock();
    const saved = lock.save(full);
    await lock.release();
    expect(await store().read()).toEqual(full);
    await saved;
    await expect(lock.save(full)).rejects.toThrow('after its lock was released');
  });
});

describe('a ledger that cannot be used', () => {
  const entry = { vendor: 'anam', id: '1', applied: {} };
  const shapes: [string, unknown][] = [
    ['a list', []],
    ['no lineage', { ...full, lineage: undefined }],
    ['a serial that is none', { ...full, serial: -1 }],
    ['another version', { ...full, formatVersion: 0 }],
    ['no version', { ...full, formatVersion: undefined }],
    ['no project', { ...full, project: undefined }],
    ['no salt', { ...full, salt: '' }],
    ['objects in a list', { ...full, objects: [] }],
    ['no intents', { ...full, intents: undefined }],
    ['an object that is none', { ...full, objects: { 't/LLM/a': null } }],
    ['an object without id', { ...full, objects: { 't/LLM/a': { ...entry, id: undefined } } }],
    ['an object without vendor', { ...full, objects: { 't/LLM/a': { ...entry, vendor: 1 } } }],
    ['digests that are none', { ...full, objects: { 't/LLM/a': { ...entry, applied: { '/x': 1 } } } }],
    ['notPersisted that is none', { ...full, objects: { 't/LLM/a': { ...entry, notPersisted: [] } } }],
    ['protection that is none', { ...full, objects: { 't/LLM/a': { ...entry, preventDestroy: 'no' } } }],
    ['retired that is none', { ...full, objects: { 't/LLM/a': { ...entry, retired: [1] } } }],
    ['an intent without known', { ...full, intents: { 't/LLM/a': { vendor: 'anam' } } }],
    ['an intent without vendor', { ...full, intents: { 't/LLM/a': { known: [] } } }],
    ['an intent with a wrong id', { ...full, intents: { 't/LLM/a': { vendor: 'anam', known: [], id: 4 } } }],
  ];

  it.each(shapes)('is damaged when it has %s', async (_name, value) => {
    await put(JSON.stringify(value));
    const diagnostic = await diagnosticOf(store().read());
    expect(diagnostic?.summary).toMatch(/^the ledger \.llmform\/ledger\.json is damaged: /);
    expect(diagnostic?.detail).toMatch(
      /Restore .* version control or a backup.*apply --adopt.*nothing .* is lost/,
    );
  });

  it.each([
    ['empty', '', 'it is empty'],
    ['cut off', JSON.stringify(full).slice(0, 60), 'it is not JSON, or cut off'],
    ['half merged', '{\n<<<<<<< HEAD\n', 'the marks of a merge conflict'],
  ])('is damaged when it is %s', async (_name, text, words) => {
    await put(text);
    expect((await diagnosticOf(store().read()))?.summary).toContain(words);
  });

  it('may come from a newer llmform', async () => {
    await put(JSON.stringify({ formatVersion: 3, anything: true }));
    const diagnostic = await diagnosticOf(store().read());
    expect(diagnostic?.summary).toContain('format version 3; this llmform knows version 2');
    expect(diagnostic?.detail).toContain('upgrade llmform');
  });

  it('may lie where a folder cannot be made', async () => {
    await writeFile(join(folder, '.llmform'), 'a file');
    expect((await diagnosticOf(store().lock()))?.summary).toMatch(
      /^\.llmform\/ledger\.json cannot be written: /,
    );
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)('may lie where we must not write', async () => {
    await mkdir(join(folder, '.llmform'));
    await chmod(join(folder, '.llmform'), 0o500);
    expect((await diagnosticOf(store().lock()))?.summary).toContain('permission denied');
    await chmod(join(folder, '.llmform'), 0o700);
  });
});
