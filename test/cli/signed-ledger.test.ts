import { describe, expect, it } from 'vitest';
import { LEDGERS, type LedgerClone, openLedgerClone } from '../support/ledger-clone.js';
import { anamLlm, anamLlms, anamProject, emulate, namesAt, write } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

const KEY = 'a-key-of-the-ledger-that-is-long-enough';
const SIGNED = { LEDGER_KEY: KEY };

const signed = (settings: string) => settings.replace(' }', ', key: { fromEnv: LEDGER_KEY } }');

/** The text of the ledger, wherever it is kept. */
async function textOf(clone: LedgerClone, settings: string): Promise<string> {
  if (settings === LEDGERS.file) return clone.read('state/ledger.json');
  return clone.hub.git(clone.hub.bare, 'show', 'refs/llmform/ledger:ledger.json');
}

/** Writes the ledger as a stranger who may push would. */
async function forge(clone: LedgerClone, settings: string, text: string): Promise<void> {
  if (settings === LEDGERS.file) return clone.write({ 'state/ledger.json': text });
  const { bare, folder, git } = clone.hub;
  await write(folder, { forged: text });
  const blob = await git(bare, 'hash-object', '-w', `${folder}/forged`);
  await write(folder, { tree: `100644 blob ${blob}\tledger.json\n` });
  const run = ['-c', `alias.tree=!git mktree <${folder}/tree`, 'tree'];
  const tree = await git(bare, ...run);
  const parent = await clone.hub.tip();
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@test'];
  const commit = await git(bare, ...who, 'commit-tree', tree, '-p', parent, '-m', 'forged');
  await git(bare, 'update-ref', 'refs/llmform/ledger', commit);
}

describe.each(Object.entries(LEDGERS))('a signed %s ledger', (_, settings) => {
  it('is signed by apply, and refused once it was changed by others', async () => {
    const clone = await openLedgerClone(signed(settings), 'a', 'b');
    expect(await clone.runWith(SIGNED, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    const text = await textOf(clone, settings);
    expect(text).toMatch(/"signature": "hmac-sha256:[\w-]{43}"/);
    expect(text).not.toContain(KEY);
    expect(await clone.runWith(SIGNED, 'plan', '--detailed-exitcode')).toMatchObject({ code: 0 });

    const ledger = JSON.parse(text);
    ledger.serial += 1;
    ledger.objects['anam/LLM/a'].retired = [ledger.objects['anam/LLM/b'].id];
    const { signature: __, ...unsigned } = ledger;
    for (const [forged, words] of [
      [ledger, /the signature of the ledger \S+ is not made with this key/],
      [unsigned, /the ledger \S+ is not signed, and the project file names a key for it/],
    ] as const) {
      await forge(clone, settings, JSON.stringify(forged));
      for (const command of [['plan'], ['apply', '--auto-approve', '--prune']]) {
        const { code, err } = await clone.runWith(SIGNED, ...command);
        expect({ command, code }).toEqual({ command, code: 4 });
        expect(err).toMatch(words);
        expect(err).toContain('llmform ledger migrate --sign');
      }
    }
    expect(namesAt(clone.emulator)).toEqual(['a', 'b']);
  });

  it('is planned with a warning and never applied without its key', async () => {
    const clone = await openLedgerClone(signed(settings), 'a');
    expect(await clone.runWith(SIGNED, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.write(anamLlms('b'));
    const plan = await clone.run('plan', '--detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.err).toMatch(/warning\[ledger\] .*cannot be checked: .*LEDGER_KEY/);
    const refused = await clone.run('apply', '--auto-approve');
    expect(refused.code).toBe(4);
    expect(refused.err).toMatch(/error\[ledger\] .*cannot be checked: .*LEDGER_KEY/);
    // Nor where the project file forgot it.
    await clone.write(clone.settings(settings));
    expect(await clone.run('plan', '--detailed-exitcode')).toMatchObject({ code: 2 });
    const without = await clone.run('apply', '--auto-approve');
    expect(without.code).toBe(4);
    expect(without.err).toContain('is signed, and the project file names no key for it');
    expect(namesAt(clone.emulator)).toEqual(['a']);
    expect(await clone.run('ledger', 'migrate', '--unsign', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  });

  it('begins with migrate --sign, also with another key', async () => {
    const clone = await openLedgerClone(settings, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.write(clone.settings(signed(settings)));
    expect(await clone.runWith(SIGNED, 'apply', '--auto-approve')).toMatchObject({ code: 4 });
    const sign = (key: string) =>
      clone.runWith({ LEDGER_KEY: key }, 'ledger', 'migrate', '--sign', '--auto-approve', '--format', 'json');
    const first = await sign(KEY);
    expect(first).toMatchObject({ code: 0 });
    expect(parsed(first.out)).toMatchObject({ signed: true, objects: 1 });
    expect(await clone.runWith(SIGNED, 'plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const other = `${KEY}-2`;
    expect(await clone.runWith({ LEDGER_KEY: other }, 'plan')).toMatchObject({ code: 4 });
    expect(await sign(other)).toMatchObject({ code: 0 });
    expect(await clone.runWith({ LEDGER_KEY: other }, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    const short = await sign('short');
    expect(short.code).toBe(1);
    expect(short.out).toContain('shorter than 16 characters');
  });
});

describe('a signed ledger that several targets share', () => {
  it('is written by the runs of a watch at once', async () => {
    const [first, second] = [await emulate('anam'), await emulate('anam')];
    const other = `  other: { vendor: anam, baseUrl: "${second.url}", auth: { fromEnv: ANAM_KEY } }
ledger: { type: file, path: ledger.json, key: { fromEnv: LEDGER_KEY } }
`;
    const llms = ['anam', 'other'].map((target) => [
      `llms/${target}.yaml`,
      anamLlm('a').replace('name: a }', `name: a, target: ${target} }`),
    ]);
    const project = await anamProject(first.url, Object.fromEntries(llms), other);
    const watch = () => project.runWith(SIGNED, 'watch', '--once', '--mode', 'apply');
    expect(await watch()).toMatchObject({ code: 0 });
    await project.write({
      'llms/b.yaml': anamLlm('b').replace('name: b }', 'name: b, target: anam }'),
      'llms/c.yaml': anamLlm('c').replace('name: c }', 'name: c, target: other }'),
    });
    expect(await watch()).toMatchObject({ code: 0 });
    expect([namesAt(first), namesAt(second)]).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
    expect(await project.runWith(SIGNED, 'plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });
});
