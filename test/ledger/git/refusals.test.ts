import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import { type Hub, ledgerIn, numbered, openHub, PLACE } from '../../support/git-repository.js';

let hub: Hub;
let clone: string;

beforeEach(async () => {
  hub = await openHub();
  clone = await hub.clone('clone');
});
afterEach(() => hub.remove());

async function refusal(promise: Promise<unknown>) {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiagnosticError);
  const { diagnostics } = error as DiagnosticError;
  expect(diagnostics.map(({ code }) => code)).toEqual(diagnostics.map(() => 'ledger'));
  return { summary: diagnostics[0]?.summary ?? '', detail: diagnostics[0]?.detail ?? '' };
}

describe('a place where no ledger can be', () => {
  it('is a folder outside any repository', async () => {
    const { summary, detail } = await refusal(ledgerIn(hub, hub.folder).read());
    expect(summary).toContain('git does not work here: not a git repository');
    expect(detail).toContain('inside a clone');
  });

  it('is a repository without that remote', async () => {
    const { summary, detail } = await refusal(ledgerIn(hub, clone, { remote: 'upstream' }).lock());
    expect(summary).toContain('no remote called "upstream"');
    expect(detail).toContain('Its remotes: origin.');
    await hub.git(clone, 'remote', 'remove', 'origin');
    expect((await refusal(ledgerIn(hub, clone).read())).detail).toContain('It has none.');
  });

  it('is a folder of the repository that pretends to be one, with settings that run programs', async () => {
    const inside = join(clone, 'deploy');
    await hub.git(hub.folder, 'init', '--quiet', '--bare', inside);
    const ran = join(hub.folder, 'ran');
    await hub.git(inside, 'config', 'protocol.ext.allow', 'always');
    await hub.git(inside, 'config', 'remote.origin.url', `ext::sh -c touch% ${ran}`);
    const { summary } = await refusal(ledgerIn(hub, inside).read());
    expect(existsSync(ran)).toBe(false);
    expect(summary).toContain('safe.bareRepository');
  });

  it('is a machine without git', async () => {
    const without = { ...hub, env: { PATH: join(hub.folder, 'nothing') } };
    expect((await refusal(ledgerIn(without, clone).read())).summary).toContain('no such program');
  });

  it('is a remote that cannot be reached, which is never taken for an empty ledger', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await lock.save(numbered(1));
    await lock.release();
    await rename(hub.bare, `${hub.bare}.away`);
    const { summary, detail } = await refusal(ledgerIn(hub, clone).read());
    expect(summary).toMatch(/^the ledger at the remote origin cannot be reached: /);
    expect(detail).toContain('git ls-remote origin');
  });

  it('is a remote whose address holds a credential that fails: it is not shown', async () => {
    await hub.git(clone, 'remote', 'set-url', 'origin', 'http://me:s3cr3t-token@127.0.0.1:9/x.git');
    const told = await refusal(ledgerIn(hub, clone).read());
    expect(told.summary).toContain('cannot be reached');
    expect(JSON.stringify(told)).not.toContain('s3cr3t');
  });
});

describe('what git says', () => {
  it('is shown without credentials and control characters', async () => {
    const fake = join(hub.folder, 'bin');
    await mkdir(fake);
    const words = "fatal: unable to access 'https://me:s3cr3t@x.test/r': \\033[31mno\\n";
    await writeFile(join(fake, 'git'), `#!/bin/sh\nprintf "${words}" >&2; exit 128\n`, { mode: 0o755 });
    const { summary } = await refusal(ledgerIn({ ...hub, env: { PATH: fake } }, clone).read());
    expect(summary).toContain("unable to access 'https://x.test/r': [31mno");
    expect(summary).not.toContain('\u001b');
  });
});

describe('a remote that refuses', () => {
  it('to let us write says which permission is missing, before anything was saved', async () => {
    await hub.hook('pre-receive', 'echo "Permission to shop denied to bot." >&2; exit 1');
    const { summary, detail } = await refusal(ledgerIn(hub, clone).lock());
    expect(summary).toContain('the remote origin refuses to write the ledger refs/llmform/ledger');
    expect(detail).toContain('permissions: { contents: write }');
    await expect(ledgerIn(hub, clone).read()).resolves.toBeUndefined();
  });

  it('in the middle fails that save, and the next one that is let through holds everything', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await lock.save(numbered(1));
    await hub.hook('pre-receive', 'exit 1');
    expect((await refusal(lock.save(numbered(2)))).detail).toContain('contents: write');
    await rm(join(hub.bare, 'hooks', 'pre-receive'));
    await lock.save(numbered(3));
    expect(await lock.release('done')).toEqual([]);
    expect(await ledgerIn(hub, clone).read()).toMatchObject({ objects: numbered(3).objects });
    expect(await hub.history()).toEqual(['done']);
  });

  it('to replace commits is told how that is allowed', async () => {
    await hub.git(hub.bare, 'config', 'receive.denyNonFastForwards', 'true');
    const lock = await ledgerIn(hub, clone, { ref: 'refs/heads/ledger' }).lock();
    await lock.save(numbered(1));
    expect((await refusal(lock.save(numbered(2)))).detail).toContain('outside refs/heads');
    await lock.release();
  });

  it('at the very end leaves the lock with a warning that says how to remove it', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await lock.save(numbered(1));
    await hub.hook('pre-receive', 'exit 1');
    const left = await lock.release('done');
    expect(left.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    const command = /`(git push [^`]+)`/.exec(left[0]?.detail ?? '')?.[1] ?? '';
    await rm(join(hub.bare, 'hooks', 'pre-receive'));
    await hub.git(clone, ...command.split(' ').slice(1));
    expect(await hub.tip('refs/llmform/lock')).toBe('');
    expect(await ledgerIn(hub, clone).read()).toMatchObject({ objects: numbered(1).objects });
  });
});

describe('a lock that is held', () => {
  it('refuses with the name, the age and the command that removes exactly it', async () => {
    const env = {
      GITHUB_ACTOR: 'ada',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '7',
    };
    const runner = { ...hub, env: { ...hub.env, ...env } };
    await ledgerIn(runner, clone).lock();
    const other = await hub.clone('other');
    const { summary, detail } = await refusal(ledgerIn(hub, other).lock());
    expect(summary).toBe('another apply holds the ledger refs/llmform/ledger at the remote origin');
    expect(detail).toContain(`It is of ada, process ${process.pid} on `);
    expect(detail).toMatch(/\(https:\/\/github\.test\/o\/r\/actions\/runs\/7\), since 20.+, 0 min ago\./);

    const command = (/`(git push [^`]+)`/.exec(detail)?.[1] ?? '').split(' ').slice(1);
    await hub.git(other, ...command);
    const next = await ledgerIn(hub, other).lock();
    await expect(hub.git(other, ...command)).rejects.toThrow();
    expect(await next.release()).toEqual([]);
  });

  it('is refused also where it does not say whose it is', async () => {
    const main = await hub.tip('refs/heads/main');
    await hub.git(hub.bare, 'update-ref', 'refs/llmform/lock', main);
    expect((await refusal(ledgerIn(hub, clone).lock())).detail).toContain('does not say whose it is');
    expect(await hub.tip('refs/llmform/lock')).toBe(main);
  });

  it('does not stand in the way of another ref', async () => {
    const first = await ledgerIn(hub, clone).lock();
    const second = await ledgerIn(hub, clone, { ref: 'refs/llmform/b/ledger' }).lock();
    await Promise.all([first.release(), second.release()]);
  });

  it('stops recording when it was removed, and leaves the successor alone', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await lock.save(numbered(1));
    await hub.git(hub.bare, 'update-ref', '-d', 'refs/llmform/lock');
    const successor = await ledgerIn(hub, await hub.clone('other')).lock();
    const theirs = await hub.tip('refs/llmform/lock');
    expect((await refusal(lock.save(numbered(2)))).summary).toContain('lock refs/llmform/lock was removed');
    expect(await lock.release('mine')).not.toEqual([]);
    expect(await hub.tip('refs/llmform/lock')).toBe(theirs);
    await successor.save(numbered(3));
    expect(await successor.release('theirs')).toEqual([]);
    expect(await hub.history()).toEqual(['theirs', 'llmform apply: in progress']);
  });

  it('does not help against a ledger that was changed by hand', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await hub.git(hub.bare, 'update-ref', PLACE.ref, await hub.tip('refs/heads/main'));
    expect((await refusal(lock.save(numbered(1)))).summary).toContain('changed, while this command ran');
    await lock.release();
    expect(await hub.tip()).toBe(await hub.tip('refs/heads/main'));
  });
});

describe('an answer that is lost', () => {
  it('is settled at the next save where the remote was away for longer', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    await hub.hook('post-receive', 'mv ../origin.git ../away.git; kill -9 $PPID');
    expect((await refusal(lock.save(numbered(1)))).summary).toContain('cannot be reached');
    await rename(join(hub.folder, 'away.git'), hub.bare);
    await rm(join(hub.bare, 'hooks', 'post-receive'));
    expect(await hub.history()).toEqual(['llmform apply: in progress']);
    await lock.save(numbered(2));
    expect(await lock.release('done')).toEqual([]);
    expect(await hub.history()).toEqual(['done']);
  });

  it('is settled by looking: what arrived counts, once', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    // The refs have moved by then, and the connection breaks before the client hears of it.
    await hub.hook('post-receive', 'kill -9 $PPID');
    await lock.save(numbered(1));
    await lock.save(numbered(2));
    expect(await lock.release('done')).toEqual([]);
    expect(await ledgerIn(hub, clone).read()).toMatchObject({ objects: numbered(2).objects });
    expect(await hub.history()).toEqual(['done']);
    expect(await hub.tip('refs/llmform/lock')).toBe('');
  });
});
