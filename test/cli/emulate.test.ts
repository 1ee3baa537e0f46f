import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate } from '../support/project.js';
import { llmform, start } from '../support/run-cli.js';

describe('llmform emulate', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves all vendors until %s, and says where and how',
    async (signal) => {
      const running = start(['emulate']);
      const out = await untilReady(running);
      const served = [...out.matchAll(/^(\w+) +(http:\/\/127\.0\.0\.1:\d+) +credential (\S+)$/gm)];
      expect(served.map(([, vendor]) => vendor)).toEqual(['anam', 'flashback', 'goodmem', 'liveavatar']);
      for (const [, , url] of served)
        expect((await fetch(`${url}/nothing`)).status).toBeGreaterThanOrEqual(400);
      running.kill(signal);
      expect((await running).exitCode).toBe(0);
    },
  );

  it('serves the vendors that are named, and a project can be applied to them', async () => {
    const running = start(['emulate', 'anam']);
    const [, url = '', credential = ''] =
      /^anam +(\S+) +credential (\S+)$/m.exec(await untilReady(running)) ?? [];
    const project = await anamProject(url, anamLlms('support'));
    const result = await project.runWith({ ANAM_KEY: credential }, 'apply', '--auto-approve');
    running.kill('SIGINT');
    await running;
    expect(result.code).toBe(0);
  });

  it('says which vendors there are', async () => {
    const { code, err } = await llmform(['emulate', 'anam', 'openai']);
    expect(code).toBe(1);
    expect(err).toContain('there is no emulator of "openai"');
    expect(err).toContain('There are emulators of anam, flashback, goodmem, liveavatar.');
  });

  it('says that a port is taken', async () => {
    const { port } = new URL((await emulate('anam')).url);
    const { code, err } = await llmform(['emulate', 'anam', '--port', port]);
    expect(code).toBe(1);
    expect(err).toContain(`cannot listen on port ${port}`);
    expect(err).toContain('--port');
    expect(err).not.toContain('    at ');
  });
});

/** What stands on stdout once everything is served: the last thing it says goes to the error stream. */
async function untilReady(running: ReturnType<typeof start>): Promise<string> {
  let out = '';
  running.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await new Promise<void>((resolve) => {
    running.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('Press Ctrl-C')) resolve();
    });
    void running.then(() => resolve());
  });
  return out;
}
