import { get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, until } from '../../support/ask.js';
import { runsOf } from '../../support/fake-daemon.js';
import { serve } from '../../support/watch-page.js';
import { busyState, largeState } from '../../support/watch-samples.js';

interface Listener {
  /** The newest message; undefined before the first. */
  last(): { version: string; parts: [string, string][] } | undefined;
  messages(): number;
  ended(): boolean;
}

const responses: IncomingMessage[] = [];
afterEach(() => {
  for (const response of responses.splice(0)) response.destroy();
});

function listen(url: string): Promise<Listener> {
  return new Promise((resolve, reject) => {
    get(`${url}/events`, { agent: false }, (response) => {
      responses.push(response);
      let text = '';
      let ended = false;
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('close', () => {
        ended = true;
      });
      const messages = () => [...text.matchAll(/^event: parts\ndata: (.*)\n\n/gm)];
      resolve({
        last: () => {
          const [, json] = messages().at(-1) ?? [];
          return json === undefined ? undefined : JSON.parse(json);
        },
        messages: () => messages().length,
        ended: () => ended,
      });
    }).on('error', reject);
  });
}

describe('live updates', () => {
  it('name what has changed, and nothing else', async () => {
    const { url, daemon } = await serve(busyState());
    const listener = await listen(url);
    await until('the first message is there', () => listener.messages() === 1);
    const before = new Map(listener.last()?.parts);
    expect([...before.keys()]).toEqual([
      'overview',
      't-anam-prod',
      't-avatars',
      't-memory',
      't-flashback-test',
      't-anam-staging',
    ]);
    daemon.changeTarget('memory', { running: true });
    await until('the change is told', () => listener.messages() === 2);
    const after = new Map(listener.last()?.parts);
    expect([...after].filter(([id, version]) => before.get(id) !== version).map(([id]) => id)).toEqual([
      't-memory',
    ]);
    expect((await ask(`${url}/parts?id=t-memory`)).body).toContain(`data-version="${after.get('t-memory')}"`);
  });

  it('are not sent for a change that is not shown', async () => {
    const { url, daemon } = await serve(busyState());
    const listener = await listen(url);
    await until('the first message is there', () => listener.messages() === 1);
    const { state } = daemon;
    let looks = 0;
    daemon.state = () => {
      looks += 1;
      return state();
    };
    daemon.change({});
    await until('somebody has looked', () => looks > 0);
    daemon.changeTarget('memory', { running: true });
    const [, , , [, version] = []] = listener.last()?.parts ?? [];
    await until('the change is told', () => listener.last()?.parts[3]?.[1] !== version);
    expect(listener.messages()).toBe(2);
  });

  it('end when the server closes, and leave no listener behind', async () => {
    const started = await serve(busyState());
    const listener = await listen(started.url);
    await until('the first message is there', () => listener.messages() === 1);
    await started.close();
    await until('the stream has ended', listener.ended);
    expect(started.daemon.listeners.size).toBe(0);
    started.daemon.change({ queueDepth: 4 });
  });

  it('reach fifty readers, who read everything else meanwhile, while the state changes', async () => {
    const { url, daemon } = await serve(largeState());
    const listeners = await Promise.all(Array.from({ length: 50 }, () => listen(url)));
    const names = daemon.state().targets.map(({ name }) => name);
    let busy = true;
    const change = async () => {
      for (let i = 0; busy; i += 1) {
        const name = names[i % names.length] ?? '';
        daemon.changeTarget(name, { running: i % 2 === 0, runs: runsOf(i % 3 ? 'drift' : 'no_change') });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const changing = change();
    const reads = await Promise.all(
      Array.from({ length: 50 }, async () => [
        (await ask(url)).status,
        (await ask(`${url}/metrics`)).status,
        (await ask(`${url}/parts?id=overview&id=t-${names[3]}`)).status,
      ]),
    );
    busy = false;
    await changing;
    expect(new Set(reads.flat())).toEqual(new Set([200]));

    daemon.change({ queueDepth: 7 });
    const overview = (await ask(`${url}/parts?id=overview`)).body;
    expect(overview).toContain('7 targets waiting');
    const [, version] = /data-version="([^"]+)"/.exec(overview) ?? [];
    await until('everybody knows the last state', () =>
      listeners.every((listener) => listener.last()?.parts[0]?.[1] === version),
    );
    const page = (await ask(url)).body;
    for (const listener of listeners) {
      for (const [id, newest] of listener.last()?.parts ?? []) {
        expect(page).toContain(
          `data-version="${newest}" class="${id === 'overview' ? 'overview' : 'target'}`,
        );
      }
    }
  });
});
