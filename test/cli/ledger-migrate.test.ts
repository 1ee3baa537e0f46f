import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEDGERS, openLedgerClone } from '../support/ledger-clone.js';
import { anamLlms, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

const ASIDE = 'ledger: { type: file, path: state/aside.json }\n';

describe.each([
  ['a file', 'a ref', LEDGERS.file, LEDGERS.git, 'file'],
  ['a ref', 'a file', LEDGERS.git, LEDGERS.file, 'git:refs/llmform/ledger'],
  ['a file', 'another file', LEDGERS.file, ASIDE, 'file:state/ledger.json'],
])('a ledger that is to go from %s to %s', (_, __, before, after, from) => {
  it('is refused where the project file alone says so, and carried over by migrate', async () => {
    const clone = await openLedgerClone(before, 'a', 'b');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const writes = writesTo(clone.emulator).length;
    await clone.write(clone.settings(after));
    for (const command of [['plan'], ['apply', '--auto-approve', '--adopt']]) {
      const { code, err } = await clone.run(...command);
      expect({ command, code }).toEqual({ command, code: 4 });
      expect(err).toMatch(
        /the ledger was kept at \S+ before, which still holds 2 objects, and the project file now/,
      );
      expect(err).toContain('llmform ledger migrate --from ');
    }
    const unasked = await clone.run('ledger', 'migrate', '--from', from);
    expect(unasked.code).toBe(4);
    expect(unasked.err).toContain('cannot ask for approval: not a terminal');

    const migrated = await clone.run(
      'ledger',
      'migrate',
      '--from',
      from,
      '--auto-approve',
      '--format',
      'json',
    );
    expect(migrated).toMatchObject({ code: 0 });
    expect(parsed(migrated.out)).toMatchObject({ formatVersion: '1', objects: 2, signed: false });
    expect(await clone.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
    expect(writesTo(clone.emulator)).toHaveLength(writes);

    await clone.write(clone.settings(before));
    for (const command of [['plan'], ['apply', '--auto-approve'], ['ledger', 'list'], ['ledger', 'verify']]) {
      const { code, err } = await clone.run(...command);
      expect({ command, code }).toEqual({ command, code: 4 });
      expect(err).toMatch(/the ledger \S+ was carried over to \S+, and is out of use/);
    }
    // And back again, which keeps the lineage and a serial that grows.
    const there = parsed((await clone.runWith({}, 'ledger', 'list', '--format', 'json')).out);
    expect(there.diagnostics).toHaveLength(1);
    const [, back = ''] = /--from (\S+?)`/.exec((await clone.run('plan')).err) ?? [];
    expect(await clone.run('ledger', 'migrate', '--from', back, '--auto-approve')).toMatchObject({ code: 0 });
    expect(await clone.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const list = parsed((await clone.run('ledger', 'list', '--format', 'json')).out);
    expect(Number(list.serial)).toBeGreaterThan(Number(parsed(migrated.out).serial));
  });
});

describe('llmform ledger migrate', () => {
  it('refuses to forget the objects of the ledger that is there', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const other = await clone.another('two');
    await other.write({ ...other.settings(ASIDE), ...anamLlms('z') });
    expect(await other.run('apply', '--auto-approve', '--adopt')).toMatchObject({ code: 0 });
    await clone.write({ ...clone.settings(ASIDE), 'state/aside.json': await other.read('state/aside.json') });
    const { code, err } = await clone.run('ledger', 'migrate', '--from', 'file', '--auto-approve');
    expect(code).toBe(4);
    expect(err).toContain(
      'the ledger state/aside.json already holds objects that would be forgotten: anam/LLM/z',
    );
  });

  it('goes on where it was cut short, and asks for no ledger that is gone', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.write(clone.settings(ASIDE));
    const migrate = () =>
      clone.run('ledger', 'migrate', '--from', 'file:state/ledger.json', '--auto-approve');
    expect(await migrate()).toMatchObject({ code: 0 });
    await rm(join(clone.path, 'state/aside.json'));
    expect(await migrate()).toMatchObject({ code: 0 });
    expect(await clone.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const nothing = await clone.run('ledger', 'migrate', '--from', 'file:none.json', '--auto-approve');
    expect(nothing.code).toBe(1);
    expect(nothing.err).toContain('there is no ledger at none.json');
  });

  it.each([
    [['migrate'], 'there is nothing to do'],
    [['migrate', '--from', 'postgres'], 'It takes file, file:PATH, git or git:REF'],
    [['migrate', '--from', 'file:state/ledger.json'], 'the project file already keeps the ledger at'],
    [['migrate', '--sign'], 'the project file names no key'],
    [['migrate', '--sign', '--unsign'], 'exclude each other'],
    [['show', 'anam/LLM/b'], 'the ledger remembers no object "anam/LLM/b"'],
    [['show'], "missing required argument 'address'"],
  ])('says what is wrong with %j', async (args, text) => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    const { code, err } = await clone.run('ledger', ...args);
    expect(code).toBe(1);
    expect(err).toContain(text);
    expect(err).not.toContain('    at ');
  });
});
