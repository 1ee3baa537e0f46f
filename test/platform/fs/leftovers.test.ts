import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { acquireLock } from '../../../src/platform/fs/lock-file.js';
import { removeLeftovers, temporaryPath } from '../../../src/platform/fs/temporary-file.js';
import { anamLlms, anamProject, emulate, folder } from '../../support/project.js';

/** Names of the temporary files that this process would make, as if another one had. */
function ofProcess(path: string, pid: number | undefined, begun?: string): string {
  const [system, , since, chance] = temporaryPath(path).split('.').at(-2)?.split('-') ?? [];
  const name = [system, pid, begun ?? since, chance].join('-');
  return `${path.slice(0, path.lastIndexOf('/'))}/.${path.split('/').at(-1)}.${name}.tmp`;
}

async function dead(): Promise<number | undefined> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid;
}

async function living(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log(1)']);
  onTestFinished(() => void child.kill());
  await once(child.stdout, 'data');
  return child;
}

it('removes what dead processes left of a file, and nothing else', async () => {
  const path = join(await folder(), 'ledger.json');
  const [gone, there] = [await dead(), await living()];
  const kept = [
    temporaryPath(path),
    ofProcess(path, there.pid, 'unknown'),
    // Another system's, another file's, and what nobody knows.
    ofProcess(path, gone).replace(/ledger\.json\.[0-9a-f]{12}/, 'ledger.json.000000000000'),
    ofProcess(path.replace('ledger', 'other'), gone),
    join(path, '../.ledger.json.0a1b2c3d4e5f.tmp'),
    join(path, '../.ledger.json.mine.tmp'),
  ];
  const removed = [
    ofProcess(path, gone),
    ofProcess(path, gone, 'unknown'),
    // The number of a living process, which began later.
    ofProcess(path, there.pid, '0123456789ab'),
  ];
  for (const file of [...kept, ...removed]) writeFileSync(file, 'half');
  removeLeftovers(path);
  expect(readdirSync(join(path, '..')).sort()).toEqual(kept.map((file) => file.split('/').at(-1)).sort());
});

it('removes the drafts and claims of dead processes beside a lock that it takes', async () => {
  const path = join(await folder(), 'lock');
  const birth = 'another-boot/1';
  const gone = { pid: await dead(), host: hostname(), since: new Date().toISOString(), token: 'ab12', birth };
  writeFileSync(`${path}.ab34`, JSON.stringify(gone));
  writeFileSync(ofProcess(path, gone.pid), '');
  writeFileSync(`${path}.ab56`, JSON.stringify({ ...gone, host: 'elsewhere' }));
  expect(acquireLock(path)).toHaveProperty('lock');
  expect(readdirSync(join(path, '..')).sort()).toEqual(['lock', 'lock.ab56']);
});

it.each(['.llmform/ledger.json', 'plan.json'])(
  'the next run removes what a killed one left of %s',
  async (file) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const [, name = ''] = /([^/]+)$/.exec(file) ?? [];
    const command = name === 'plan.json' ? ['plan', '-o', name] : ['apply', '--auto-approve'];
    expect((await project.run(...command)).code).toBe(0);
    const place = join(project.path, file, '..');
    const left = ofProcess(join(project.path, file), await dead());
    writeFileSync(left, 'half');
    expect((await project.run(...command)).code).toBe(0);
    expect(readdirSync(place).filter((one) => one.endsWith('.tmp'))).toEqual([]);
  },
);
