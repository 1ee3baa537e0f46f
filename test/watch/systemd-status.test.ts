import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSystemd } from '../../src/platform/process/systemd.js';
import type { Daemon, DaemonState, TargetState } from '../../src/watch/state/model.js';
import { formatStatus, reportToSystemd } from '../../src/watch/systemd-status.js';
import { anamLlms, anamProject, emulate, folder, later } from '../support/project.js';
import { until } from '../support/until.js';
import { watching } from '../support/watching.js';

/** Prints what arrives at a datagram socket; Node has none. */
const LISTEN = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 65536, 4)
    for fd in fds: os.close(fd)
    print(data.decode().replace('\\n', '|'), flush=True)
`;
const able = ['python3', 'systemd-notify'].every((program) => spawnSync(program, ['--version']).status === 0);

describe('systemd', () => {
  it('is not spoken to where it does not listen', () => {
    expect(openSystemd({})).toBeUndefined();
    expect(openSystemd({ NOTIFY_SOCKET: '' })).toBeUndefined();
  });

  it('wants to hear that we live only from the process that it means', () => {
    const watchdog = (more: object) =>
      openSystemd({ NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '30000000', ...more })?.watchdogMs;
    expect(watchdog({})).toBe(30_000);
    expect(watchdog({ WATCHDOG_PID: String(process.pid) })).toBe(30_000);
    expect(watchdog({ WATCHDOG_PID: '1' })).toBeUndefined();
    expect(watchdog({ WATCHDOG_USEC: undefined })).toBeUndefined();
  });

  it('that is gone stops nothing', async () => {
    const systemd = openSystemd({ PATH: process.env.PATH, NOTIFY_SOCKET: '/nowhere/socket' });
    expect(await systemd?.notify('READY=1')).toBe(false);
    expect(await openSystemd({ PATH: '/nowhere', NOTIFY_SOCKET: '/nowhere/socket' })?.notify('READY=1')).toBe(
      false,
    );
  });

  it.skipIf(!able)('hears that we are ready, how we do, that we live, and that we stop', async () => {
    const { path, heard } = await listening();
    const systemd = openSystemd({ PATH: process.env.PATH, NOTIFY_SOCKET: path, WATCHDOG_USEC: '300000' });
    if (systemd === undefined) throw new Error('there is a socket');
    const fake = daemon();
    const service = reportToSystemd(fake, systemd);
    await until(() => heard().includes('READY=1|STATUS=1 target: 1 pending'));
    await until(() => heard().includes('WATCHDOG=1'));
    fake.say('in-sync');
    fake.say('drifted');
    await until(() => heard().includes('STATUS=1 target: 1 drifted'));
    fake.alive = false;
    await service.close();
    await until(() => heard().includes('STOPPING=1'));
    expect(heard().match(/READY=1/g)).toHaveLength(1);
  });

  it.skipIf(!able)('hears the same of the real thing', async () => {
    const { path, heard } = await listening();
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    project.env.NOTIFY_SOCKET = path;
    const watch = watching(project, '--mode', 'heal');
    await until(() => heard().includes('READY=1') && heard().includes('STATUS=1 target: 1 in sync'));
    expect(await watch.end()).toBe(0);
    await until(() => heard().includes('STOPPING=1'));
  });

  it('is told each status once, and nothing of a dead process', async () => {
    const said: string[] = [];
    const fake = daemon();
    fake.alive = false;
    const notify = async (...states: string[]) => said.push(...states) > 0;
    const service = reportToSystemd(fake, { watchdogMs: 3, notify });
    for (let n = 0; n < 5; n += 1) fake.say('pending');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await service.close();
    expect(said).toEqual([
      'READY=1',
      'STATUS=1 target: 1 pending',
      'STOPPING=1',
      expect.stringContaining('STATUS='),
    ]);
  });

  it('reads a status in a few words', () => {
    const targets = ['in-sync', 'failing', 'in-sync'].map((status) => ({ status }) as TargetState);
    const wrong = [{ severity: 'error' as const, code: 'yaml' as const, summary: 'x' }];
    const state = (diagnostics: DaemonState['source']['diagnostics']) =>
      ({ targets, source: { diagnostics } }) as unknown as DaemonState;
    expect(formatStatus(state([]))).toBe('3 targets: 2 in sync, 1 failing');
    expect(formatStatus(state(wrong))).toBe('3 targets: 2 in sync, 1 failing; a newer project has mistakes');
  });
});

/** A socket that systemd would listen at, and what it has heard. */
async function listening() {
  const path = join(await folder(), 'notify');
  const listener = spawn('python3', ['-c', LISTEN, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  later(async () => listener.kill());
  let heard = '';
  listener.stdout.on('data', (chunk) => {
    heard += chunk;
  });
  await until(() => heard.includes('bound'));
  return { path, heard: () => heard };
}

function daemon() {
  let status: TargetState['status'] = 'pending';
  let listener = () => {};
  const fake = {
    alive: true,
    live: () => fake.alive,
    state: () => ({ targets: [{ status }], source: { diagnostics: [] } }) as unknown as DaemonState,
    subscribe(callback: () => void) {
      listener = callback;
      return () => undefined;
    },
    say(next: TargetState['status']) {
      status = next;
      listener();
    },
  };
  return fake as typeof fake & Daemon;
}
