import { setTimeout as delay } from 'node:timers/promises';
import type { ResponseStream, WebRequest } from '../../platform/server/server.js';
import type { Daemon } from '../state/model.js';
import { pageVersion } from './page.js';
import type { PageFragments } from './page-fragments.js';
import type { Routes } from './routes.js';

/** Tells every page that looks which parts there are and which version each has. */
export interface LiveUpdates {
  routes: Routes;
  close(): void;
}

const AT_MOST_EVERY_MS = 200;
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

/**
 * Each message is whole: who missed some needs only the next one, and the first one comes at once. The parts
 * themselves are fetched by the clients that lack them, so that a message is small and the same for all.
 */
export function createLiveUpdates(
  daemon: Daemon,
  parts: PageFragments,
  { mayAct, onError }: { mayAct(request: WebRequest): boolean; onError?: (error: unknown) => void },
): LiveUpdates {
  const listeners = new Map<ResponseStream, { acts: () => boolean; heard?: string }>();
  let changed = false;
  let telling = false;

  async function message(acts: boolean): Promise<string> {
    const versions = (await parts(acts)).map(({ id, version }) => [id, version]);
    const content = JSON.stringify({ version: pageVersion(daemon.state().version, acts), parts: versions });
    return `event: parts\ndata: ${content}\n\n`;
  }

  async function tell(): Promise<void> {
    // Once for each kind of reader, not once for each reader.
    const [reading, acting] = await Promise.all(
      [false, true].map((acts) => hasListener(acts) && message(acts)),
    );
    for (const [outlet, listener] of listeners) {
      const news = listener.acts() ? acting : reading;
      if (!news || news === listener.heard) continue;
      listener.heard = news;
      outlet.send(news);
    }
  }

  const hasListener = (acts: boolean) => [...listeners.values()].some((listener) => listener.acts() === acts);

  async function keepTelling(): Promise<void> {
    if (telling) return;
    telling = true;
    while (changed && listeners.size > 0) {
      await delay(AT_MOST_EVERY_MS, undefined, { ref: false });
      changed = false;
      await tell().catch((error) => onError?.(error));
    }
    telling = false;
  }

  async function greet(outlet: ResponseStream): Promise<void> {
    outlet.send(`retry: ${RECONNECT_MS}\n\n`);
    const listener = listeners.get(outlet);
    if (listener === undefined) return;
    const first = await message(listener.acts());
    // It may have heard something newer meanwhile.
    if (listener.heard !== undefined) return;
    listener.heard = first;
    outlet.send(first);
  }

  const undo = daemon.subscribe(() => {
    changed = true;
    void keepTelling();
  });
  const heartbeat = setInterval(() => {
    for (const outlet of listeners.keys()) outlet.send('event: alive\ndata:\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    routes: {
      '/events': {
        GET: (request) => ({
          headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
          open(outlet) {
            listeners.set(outlet, { acts: () => mayAct(request) });
            greet(outlet).catch((error) => onError?.(error));
            return () => listeners.delete(outlet);
          },
        }),
      },
    },
    close() {
      undo();
      clearInterval(heartbeat);
    },
  };
}
