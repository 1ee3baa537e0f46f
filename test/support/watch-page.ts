import { afterEach } from 'vitest';
import { createMetrics } from '../../src/watch/metrics/metrics.js';
import type { DaemonState } from '../../src/watch/state/model.js';
import { startWeb, type WebSettings } from '../../src/watch/web/index.js';
import { type FakeDaemon, fakeDaemon } from './fake-daemon.js';

export const UI_TOKEN = 'a token that nobody guesses';
export const HOOK_SECRET = 'what the sender signs with';

const metrics = createMetrics();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const web of open.splice(0)) await web.close();
});

export interface Started {
  url: string;
  daemon: FakeDaemon;
  /** What was reported and shown to nobody. */
  errors: unknown[];
  close(): Promise<void>;
}

/** Serves a fake daemon on a free port, until the test ends. */
export async function serve(state: DaemonState, settings: Partial<WebSettings> = {}): Promise<Started> {
  const daemon = fakeDaemon(state);
  const errors: unknown[] = [];
  const web = await startWeb(daemon, {
    host: '127.0.0.1',
    port: 0,
    metrics,
    onError: (error) => errors.push(error),
    ...settings,
  });
  open.push(web);
  return { ...web, daemon, errors };
}
