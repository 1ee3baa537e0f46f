import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Hub, ledgerIn, numbered, openHub, PLACE } from '../../support/git-repository.js';

let hub: Hub;
let clone: string;

beforeEach(async () => {
  hub = await openHub();
  clone = await hub.clone('clone');
});
afterEach(() => hub.remove());

async function applyOnce(n: number, folder = clone, outcome = `llmform apply: ${n}`): Promise<void> {
  const lock = await ledgerIn(hub, folder).lock();
  await lock.save(numbered(n));
  expect(await lock.release(outcome)).toEqual([]);
}

const idIn = async (folder: string) => (await ledgerIn(hub, folder).read())?.objects['t/LLM/n']?.id;

describe('a ledger on a ref', () => {
  it('is undefined before it was first saved, and reading leaves nothing behind', async () => {
    expect(await ledgerIn(hub, clone).read()).toBeUndefined();
    expect(await hub.git(hub.bare, 'for-each-ref', 'refs/llmform')).toBe('');
  });

  it('comes back in every other clone, also a shallow one, which stays shallow and goes on from there', async () => {
    await applyOnce(1);
    await applyOnce(2);
    const shallow = await hub.clone('shallow', '--depth=1');
    expect(await idIn(shallow)).toBe('2');
    await applyOnce(3, shallow);
    expect(await idIn(clone)).toBe('3');
    expect(await idIn(shallow)).toBe('3');
    expect(await hub.git(shallow, 'rev-parse', '--is-shallow-repository')).toBe('true');
    expect(await hub.git(clone, 'rev-parse', '--is-shallow-repository')).toBe('false');
    expect(await hub.history()).toEqual(['llmform apply: 3', 'llmform apply: 2', 'llmform apply: 1']);
  });

  it('is read while locked as it was when the lock was taken', async () => {
    await applyOnce(1);
    const store = ledgerIn(hub, clone);
    const lock = await store.lock();
    expect(await store.read()).toMatchObject({ objects: numbered(1).objects });
    await lock.release();
    await applyOnce(2);
    expect(await store.read()).toMatchObject({ objects: numbered(2).objects });
  });

  it('may share its ref with other files, in folders too', async () => {
    await applyOnce(1);
    const place = { path: 'teams/b/ledger.json' };
    for (const n of [2, 3]) {
      const lock = await ledgerIn(hub, clone, place).lock();
      await lock.save(numbered(n));
      await lock.release();
    }
    expect(await ledgerIn(hub, clone, place).read()).toMatchObject({ objects: numbered(3).objects });
    expect(await idIn(clone)).toBe('1');
    const files = await hub.git(hub.bare, 'ls-tree', '-r', '--name-only', PLACE.ref);
    expect(files.split('\n')).toEqual(['ledger.json', 'teams/b/ledger.json']);
  });

  it('works from a folder inside the clone and leaves index, work tree, HEAD and hooks alone', async () => {
    const inside = join(clone, 'deep', 'er');
    await mkdir(inside, { recursive: true });
    await writeFile(join(clone, 'README.md'), 'changed');
    await writeFile(join(clone, 'staged'), 'x');
    await hub.git(clone, 'add', 'staged');
    await writeFile(join(clone, '.git', 'hooks', 'pre-push'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const state = async () => [
      await hub.git(clone, 'status', '--porcelain'),
      await hub.git(clone, 'for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags'),
      await hub.git(clone, 'rev-parse', 'HEAD'),
    ];
    const before = await state();
    await applyOnce(1, inside);
    await applyOnce(2, inside);
    expect(await idIn(inside)).toBe('2');
    expect(await state()).toEqual(before);
  });

  it('is the work of llmform, unless git knows who is at work', async () => {
    await applyOnce(1);
    await hub.git(clone, 'config', 'user.name', 'Ada');
    await hub.git(clone, 'config', 'user.email', 'ada@example.test');
    await applyOnce(2);
    const people = await hub.git(hub.bare, 'log', '--format=%an <%ae> %cn <%ce>', PLACE.ref);
    expect(people.split('\n')).toEqual([
      'Ada <ada@example.test> Ada <ada@example.test>',
      'llmform <llmform@localhost> llmform <llmform@localhost>',
    ]);
  });
});

describe('saving', () => {
  it('resolves only when the remote has that state or a newer one', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    const saves = Array.from({ length: 12 }, async (_, n) => {
      await lock.save(numbered(n));
      const text = await hub.git(hub.bare, 'show', `${PLACE.ref}:ledger.json`);
      expect(Number(JSON.parse(text).objects['t/LLM/n'].id)).toBeGreaterThanOrEqual(n);
    });
    await Promise.all(saves);
    await lock.release('llmform apply: 12 applied');
    expect(await idIn(clone)).toBe('11');
  });

  it('makes one commit of an apply, however often it saves, whose message is the outcome', async () => {
    await applyOnce(1);
    const lock = await ledgerIn(hub, clone).lock();
    for (const n of [2, 3, 4]) await lock.save(numbered(n));
    expect(await hub.history()).toEqual(['llmform apply: in progress', 'llmform apply: 1']);
    await lock.release('llmform apply: 3 applied\n\napplied  create  t/LLM/n\n');
    expect(await hub.history()).toEqual(['llmform apply: 3 applied', 'llmform apply: 1']);
    expect(await hub.git(hub.bare, 'log', '-1', '--format=%b', PLACE.ref)).toContain('create  t/LLM/n');
    expect(await hub.tip('refs/llmform/lock')).toBe('');
  });

  it('makes none of an apply that saved nothing, and says so of one that ended early', async () => {
    const idle = await ledgerIn(hub, clone).lock();
    expect(await idle.release('llmform apply: nothing')).toEqual([]);
    expect(await idle.release()).toEqual([]);
    expect(await hub.git(hub.bare, 'for-each-ref', 'refs/llmform')).toBe('');

    const broken = await ledgerIn(hub, clone).lock();
    await broken.save(numbered(1));
    await broken.release();
    expect(await hub.history()).toEqual(['llmform apply: ended early']);
    await expect(broken.save(numbered(2))).rejects.toThrow('after its lock was released');
  });
});
