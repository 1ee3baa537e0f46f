import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { unknownFlags } from '../support/command-flags.js';
import { serve } from '../support/loopback.js';
import { later } from '../support/project.js';

const text = readFileSync(new URL('../../deploy/Dockerfile', import.meta.url), 'utf8');
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    return { line, name, rest };
  });
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const only = (name: string) => last.filter((one) => one.name === name).map(({ rest }) => rest);

describe('the Dockerfile', () => {
  it('consists of instructions that there are', () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|USER|ENV|VOLUME|EXPOSE|HEALTHCHECK|STOPSIGNAL|ENTRYPOINT|CMD)$/;
    expect(instructions.filter(({ name }) => !known.test(name))).toEqual([]);
    for (const { rest } of instructions.filter(({ rest }) => rest.startsWith('['))) JSON.parse(rest);
  });

  it('is built in one stage and run in another, both from one image with a full version', () => {
    const images = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    expect(images).toHaveLength(2);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:24\.\d+\.\d+-\w+-slim$/);
    expect(text).toContain('npm ci');
    expect(
      last.filter(({ name }) => name === 'COPY').every(({ rest }) => rest.startsWith('--from=build ')),
    ).toBe(true);
  });

  it('runs as a user without rights, and keeps its state in a volume', () => {
    expect(only('USER')).toEqual(['node']);
    const command = JSON.parse(only('CMD')[0] ?? '');
    expect(only('VOLUME')).toEqual([command[command.indexOf('--state-dir') + 1]]);
    expect(last.findIndex(({ name }) => name === 'USER')).toBeLessThan(
      last.findIndex(({ name }) => name === 'ENTRYPOINT'),
    );
  });

  it('calls the command with flags that there are, on the port that it shows', async () => {
    const command = JSON.parse(only('CMD')[0] ?? '');
    expect(await unknownFlags(command)).toEqual([]);
    expect(command).toContain(`0.0.0.0:${only('EXPOSE')[0]}`);
    expect(JSON.parse(only('ENTRYPOINT')[0] ?? '')).toEqual(['tini', '--', 'llmform']);
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('is healthy or not by what /healthz answers: %i', async (status, exit) => {
    const server = await serve((_, response) => response.writeHead(status).end());
    later(() => server.close());
    const [node, flag, script] = JSON.parse(/CMD (\[.*\])$/.exec(only('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]');
    expect([node, flag]).toEqual(['node', '-e']);
    const here = script.replace(`127.0.0.1:${only('EXPOSE')[0]}`, `localhost:${server.port}`);
    expect((await execa(process.execPath, ['-e', here], { reject: false })).exitCode).toBe(exit);
    expect(server.requests[0]?.url).toBe('/healthz');
  });
});
