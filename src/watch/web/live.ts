import type { Outlet, WebRequest } from '../../io/server.js';
import type { Daemon } from '../model.js';
import type { Parts } from './parts.js';
import type { Routes } from './routes.js';

/** Tells every page that looks which parts there are and which version each has. */
export interface Live {
  routes: Routes;
  close(): void;
}

const AT_MOST_EVERY_MS = 200;
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 3_000;

/**
 * Each message is whole: who missed some needs only the next one, and the first one comes at once. The parts
 * themselves are fetched by who lacks them, so that a message is small and the same for everybody.
 */
export function openLive(daemon: Daemon, parts: Parts, mayAct: (request: WebRequest) => boolean): Live {
  const listeners = new Map<Outlet, { acts: () => boolean; heard: string }>();

  function tell(): void {
    // Once for each kind of reader, not once for each reader.
    const messages = new Map<boolean, string>();
    for (const [outlet, listener] of listeners) {
      const acts = listener.acts();
      const message = messages.get(acts) ?? messageOf(daemon, parts(acts));
      messages.set(acts, message);
      if (message === listener.heard) continue;
      listener.heard = message;
      outlet.send(message);
    }
  }

  let waiting: NodeJS.Timeout | undefined;
  const undo = daemon.subscribe(() => {
    if (listeners.size === 0) return;
    waiting ??= setTimeout(() => {
      waiting = undefined;
      tell();
    }, AT_MOST_EVERY_MS);
  });
  const heartbeat = setInterval(() => {
    for (const outlet of listeners.keys()) outlet.send(': alive\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    routes: {
      '/events': {
        GET: (request) => ({
          headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
          open(outlet) {
            const acts = () => mayAct(request);
            const heard = messageOf(daemon, parts(acts()));
            listeners.set(outlet, { acts, heard });
            outlet.send(`retry: ${RECONNECT_MS}\n\n${heard}`);
            return () => listeners.delete(outlet);
          },
        }),
      },
    },
    close() {
      undo();
      clearTimeout(waiting);
      clearInterval(heartbeat);
    },
  };
}

function messageOf(daemon: Daemon, parts: ReturnType<Parts>): string {
  const content = { version: daemon.state().version, parts: parts.map(({ id, version }) => [id, version]) };
  return `event: parts\ndata: ${JSON.stringify(content)}\n\n`;
}
