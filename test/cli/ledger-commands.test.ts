import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { LEDGERS, openLedgerClone } from '../support/ledger-clone.js';
import { KEYS, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

describe.each(Object.entries(LEDGERS))('a %s ledger', (_, settings) => {
  it('is listed, shown and verified without a write', async () => {
    const clone = await openLedgerClone(settings, 'a', 'b');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const writes = writesTo(clone.emulator).length;
    const list = await clone.run('ledger', 'list', '--format', 'json');
    expect(list).toMatchObject({ code: 0, err: '' });
    const { objects, lineage, serial, project } = parsed(list.out);
    expect({
      project,
      addresses: (objects as unknown as { address: string }[]).map(({ address }) => address),
    }).toEqual({
      project: 'shop',
      addresses: ['anam/LLM/a', 'anam/LLM/b'],
    });
    expect(String(lineage)).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(serial)).toBeGreaterThan(0);
    const text = await clone.run('ledger', 'list');
    expect(text.out).toMatch(/^anam\/LLM\/a {2}[0-9a-f-]{36} {2}anam/m);
    expect(text.out).toMatch(/2 objects of shop in \S+, serial \d+\.\n$/);

    const shown = await clone.run('ledger', 'show', 'anam/LLM/a');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('"gpt-4o"');
    expect(shown.out).toMatch(/\/secret +\(digest\)/);
    expect(shown.out + list.out).not.toContain(KEYS.OPENAI);

    const verified = await clone.run('ledger', 'verify');
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(/^2 of 2 entries in \S+ are as the vendor has them\.\n$/);
    expect(writesTo(clone.emulator)).toHaveLength(writes);
  });

  it('is unlocked only by those who say so', async () => {
    const clone = await openLedgerClone(settings, 'a');
    expect(await clone.run('ledger', 'unlock')).toMatchObject({ code: 0 });
    const holder = {
      pid: 7,
      host: 'a-host-that-is-gone',
      since: '2026-01-01T00:00:00.000Z',
      token: '00'.repeat(12),
    };
    if (settings === LEDGERS.file) await clone.write({ 'state/ledger.json.lock': JSON.stringify(holder) });
    else {
      const { bare, git } = clone.hub;
      const tree = await git(bare, 'hash-object', '-w', '-t', 'tree', '/dev/null');
      const message = `llmform: an apply is in progress\n\n${JSON.stringify(holder)}`;
      const who = ['-c', 'user.name=T', '-c', 'user.email=t@test'];
      const lock = await git(bare, ...who, 'commit-tree', tree, '-m', message);
      await git(bare, 'update-ref', 'refs/llmform/lock', lock);
    }
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 1 });
    const unasked = await clone.run('ledger', 'unlock');
    expect(unasked.code).toBe(4);
    expect(unasked.err).toContain('on a-host-that-is-gone, since 2026-01-01T00:00:00.000Z');
    const { code, out } = await clone.run('ledger', 'unlock', '--auto-approve', '--format', 'json');
    expect(code).toBe(0);
    expect(parsed(out)).toMatchObject({ locked: true, removed: true });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  });
});

describe('llmform ledger unlock', () => {
  it('leaves the lock of a process that runs here', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    const own = {
      pid: process.pid,
      host: hostname(),
      since: new Date().toISOString(),
      token: '11'.repeat(12),
    };
    await clone.write({ 'state/ledger.json.lock': JSON.stringify(own) });
    const { code, err } = await clone.run('ledger', 'unlock', '--auto-approve');
    expect(code).toBe(4);
    expect(err).toContain('is held by a process that runs');
  });
});

describe('llmform ledger verify', () => {
  it('ends with 1 and names each entry that is not as the vendor has it', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a', 'b', 'c', 'd');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const ledger = JSON.parse(await clone.read('state/ledger.json'));
    const { objects } = ledger;
    objects['anam/LLM/a'].id = '00000000-0000-4000-8000-000000000000';
    objects['anam/LLM/b'].id = objects['anam/LLM/c'].id;
    objects['gone/LLM/x'] = objects['anam/LLM/d'];
    await clone.write({ 'state/ledger.json': JSON.stringify(ledger) });
    const { code, out } = await clone.run('ledger', 'verify', '--format', 'json');
    expect(code).toBe(1);
    const { entries, summary } = parsed(out);
    const verdicts = (entries as unknown as { address: string; verdict: string }[]).map(
      ({ address, verdict }) => `${address} ${verdict}`,
    );
    expect(verdicts).toEqual([
      'anam/LLM/a missing',
      'anam/LLM/b twice',
      'anam/LLM/c twice',
      'anam/LLM/d ok',
      'gone/LLM/x unread',
    ]);
    expect(summary).toEqual({ ok: 1, wrong: 4 });
  });

  it('tells the mark of another address', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a', 'b');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const ledger = JSON.parse(await clone.read('state/ledger.json'));
    ledger.objects['anam/LLM/a'].id = ledger.objects['anam/LLM/b'].id;
    delete ledger.objects['anam/LLM/b'];
    await clone.write({ 'state/ledger.json': JSON.stringify(ledger) });
    const { code, out } = await clone.run('ledger', 'verify');
    expect(code).toBe(1);
    expect(out).toMatch(/^foreign {2}anam\/LLM\/a {2}\S+ {2}the object is marked as shop\/anam\/LLM\/b$/m);
    expect(out).toContain('0 of 1 entry');
  });
});
