import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unknownFlags } from '../support/command-flags.js';

const file = fileURLToPath(new URL('../../deploy/systemd/llmform.service', import.meta.url));
const text = readFileSync(file, 'utf8');
const sections = new Map(
  text
    .split(/^\[(?=\w+\]$)/m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n');
      const settings = lines.filter((line) => line !== '' && !line.startsWith('#'));
      return [name.replace(']', ''), settings.map((line) => line.split(/=(.*)/s).slice(0, 2))] as const;
    }),
);
const service = (name: string) =>
  (sections.get('Service') ?? []).filter(([key]) => key === name).map(([, value = '']) => value);

const able = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the systemd unit', () => {
  it.skipIf(!able)('has nothing in it that systemd does not know', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has the three sections, and settings in all of them', () => {
    expect([...sections.keys()]).toEqual(['Unit', 'Service', 'Install']);
    for (const settings of sections.values())
      for (const [key, value] of settings) expect(`${key}=${value}`).toMatch(/^[A-Z][A-Za-z]+=/);
  });

  it('is told that we are ready by a process of its own, and watches over us', () => {
    expect(service('Type')).toEqual(['notify']);
    expect(service('NotifyAccess')).toEqual(['all']);
    expect(Number(service('WatchdogSec')[0])).toBeGreaterThanOrEqual(30);
    expect(Number(service('TimeoutStopSec')[0])).toBeGreaterThan(30);
    expect(service('ExecReload')[0]).toContain('-HUP');
  });

  it('calls the command with flags that there are, and keeps its state where it may write', async () => {
    const [start = ''] = service('ExecStart');
    expect(await unknownFlags(start.replace('/usr/bin/env llmform ', '').split(' '))).toEqual([]);
    expect(start).toContain('--state-dir ${STATE_DIRECTORY}');
    expect(service('StateDirectory')).toEqual(['llmform']);
  });

  it('gives each credential the name of a variable, and the service no rights', () => {
    const credentials = service('LoadCredential').map((value) => value.split(':'));
    expect(credentials.length).toBeGreaterThan(0);
    for (const [name = '', path = ''] of credentials) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(path.endsWith(`/${name}`)).toBe(true);
    }
    expect(text).not.toMatch(/^Environment(File)?=/m);
    for (const key of ['DynamicUser', 'NoNewPrivileges', 'PrivateTmp']) expect(service(key)).toEqual(['yes']);
    expect(service('ProtectSystem')).toEqual(['strict']);
    // Node compiles as it runs.
    expect(service('MemoryDenyWriteExecute')).toEqual([]);
  });
});
