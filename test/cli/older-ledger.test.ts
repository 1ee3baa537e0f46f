import { describe, expect, it } from 'vitest';
import { LEDGERS, openLedgerClone } from '../support/ledger-clone.js';
import { anamLlm, anamLlms, anamProject, emulate, folder, namesAt, writesTo } from '../support/project.js';

const OLDER =
  /error\[ledger\] .*the ledger \S+ is older than one that this clone has seen: its serial is \d+, and was \d+/;

describe('a ledger that git tracks', () => {
  /** Two applies, each with its ledger in a commit. */
  async function twice() {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.commit();
    await clone.write({ 'llms/b.yaml': anamLlm('b') });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.commit();
    clone.emulator.requests.length = 0;
    return clone;
  }

  it('is refused once a revert took it back, and names the commit that has the newer one', async () => {
    const clone = await twice();
    await clone.git('revert', '--no-edit', 'HEAD');
    const heal = ['watch', '--once', '--mode', 'heal'];
    for (const command of [['plan'], ['apply', '--auto-approve', '--prune'], heal]) {
      const { code, err } = await clone.run(...command);
      expect({ command, code }).toEqual({ command, code: 4 });
      if (command !== heal) expect(err).toMatch(OLDER);
      expect(err).toContain('is older than one that this clone has seen');
      if (command !== heal) expect(err).toContain('llmform ledger migrate --accept-older');
    }
    expect(clone.emulator.requests).toEqual([]);
    const { err } = await clone.run('plan');
    const [, command = ''] = /`git (checkout [0-9a-f]{12} -- state\/ledger.json)`/.exec(err) ?? [];
    await clone.git(...command.split(' '));
    const plan = await clone.run('plan');
    expect(plan.code).toBe(0);
    expect(plan.out).toContain('? orphan LLM/b');
  });

  it('is refused in a clone that never ran before, as far as its commits go', async () => {
    const clone = await twice();
    await clone.git('revert', '--no-edit', 'HEAD');
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    const other = await clone.another('two');
    expect((await other.run('plan')).err).toMatch(OLDER);
  });

  it('is refused where the newer one is on another branch', async () => {
    const clone = await twice();
    await clone.git('checkout', '--quiet', '-b', 'before', 'HEAD~1');
    const { code, err } = await clone.run('plan');
    expect(code).toBe(4);
    expect(err).toMatch(OLDER);
  });

  it('is refused by memory alone where it was never committed after the apply', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.commit();
    await clone.write({ 'llms/b.yaml': anamLlm('b') });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.git('checkout', '--quiet', '--', 'state/ledger.json');
    const { code, err } = await clone.run('plan', '--format', 'json');
    expect(code).toBe(4);
    expect(err).toBe('');
  });

  it('counts again with --accept-older, and in other clones from then on', async () => {
    const clone = await twice();
    await clone.git('revert', '--no-edit', 'HEAD');
    const unasked = await clone.run('ledger', 'migrate', '--accept-older');
    expect(unasked.code).toBe(4);
    expect(unasked.err).toContain('is given up');
    expect(await clone.run('ledger', 'migrate', '--accept-older', '--auto-approve')).toMatchObject({
      code: 0,
    });
    expect((await clone.run('plan')).code).toBe(0);
    await clone.commit();
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    expect((await (await clone.another('two')).run('plan')).code).toBe(0);
  });

  it('gets a warning, once a run', async () => {
    const clone = await twice();
    const { code, err } = await clone.run('plan');
    expect(code).toBe(0);
    expect(err.match(/the ledger state\/ledger.json is a file that git tracks/g)).toHaveLength(1);
    expect(err).toContain('llmform ledger migrate --from file');
  });

  it('is said to be gone where a revert removed it', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    await clone.commit();
    await clone.git('rm', '--quiet', 'state/ledger.json');
    const { code, err } = await clone.run('plan');
    expect(code).toBe(0);
    expect(err).toContain('the ledger state/ledger.json is gone, and this clone has seen it before');
    expect(err).toMatch(/git checkout [0-9a-f]{12} -- state\/ledger.json/);
  });
});

describe('a file ledger outside of any commit', () => {
  it('is not the older one after applies that saved nothing', async () => {
    const clone = await openLedgerClone(LEDGERS.file, 'a');
    for (const flags of [[], [], ['--prune']]) {
      expect(await clone.run('apply', '--auto-approve', ...flags)).toMatchObject({ code: 0 });
      expect(await clone.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
    }
  });
});

describe('a ledger outside of any repository', () => {
  it('is refused once a backup was put back, by what the user has seen', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const home = { HOME: await folder() };
    expect(await project.runWith(home, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    const backup = await project.read('.llmform/ledger.json');
    await project.write(anamLlms('b'));
    expect(await project.runWith(home, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    await project.write({ '.llmform/ledger.json': backup });
    const { code, err } = await project.runWith(home, 'plan');
    expect(code).toBe(4);
    expect(err).toMatch(OLDER);
    expect(err).toContain('from a backup');
    expect(await project.run('plan')).toMatchObject({ code: 0 });
  });
});

describe('a ledger on a ref', () => {
  it('is refused once the ref was put back to an older commit', async () => {
    const clone = await openLedgerClone(LEDGERS.git, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const before = await clone.hub.tip();
    await clone.write({ 'llms/b.yaml': anamLlm('b') });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await clone.run('plan')).toMatchObject({ code: 0, err: '' });
    const after = await clone.hub.tip();
    await clone.hub.git(clone.hub.bare, 'update-ref', 'refs/llmform/ledger', before);
    const writes = writesTo(clone.emulator).length;
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, err } = await clone.run(...command);
      expect({ command, code }).toEqual({ command, code: 4 });
      expect(err).toMatch(OLDER);
      expect(err).toContain(`git push --force origin ${after.slice(0, 12)}:refs/llmform/ledger`);
    }
    expect(writesTo(clone.emulator)).toHaveLength(writes);
    expect(namesAt(clone.emulator)).toEqual(['a', 'b']);
  });

  it('is refused where a commit on the ref holds an older one than its parent', async () => {
    const clone = await openLedgerClone(LEDGERS.git, 'a');
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const before = await clone.hub.tip();
    await clone.write({ 'llms/b.yaml': anamLlm('b') });
    expect(await clone.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const after = await clone.hub.tip();
    const { git, bare } = clone.hub;
    const revert = await git(
      bare,
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@test',
      'commit-tree',
      `${before}^{tree}`,
      '-p',
      after,
      '-m',
      'back',
    );
    await git(bare, 'update-ref', 'refs/llmform/ledger', revert);
    const { code, err } = await (await clone.another('two')).run('plan');
    expect(code).toBe(4);
    expect(err).toMatch(OLDER);
  });
});
