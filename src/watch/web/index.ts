import { DiagnosticError, error } from '../../model/diagnostic.js';
import { startServer } from '../../platform/server/server.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Daemon } from '../state/model.js';
import { createAccess } from './access.js';
import { actionRoutes } from './actions.js';
import { healthRoutes } from './health.js';
import { createLiveUpdates } from './live-updates.js';
import { createPageFragments } from './page-fragments.js';
import { pageRoutes } from './page-routes.js';
import { createRouter, type Routes } from './routes.js';
import { securityHeaders } from './security-headers.js';
import { signInRoutes } from './sign-in.js';
import { webhookRoutes } from './webhook.js';

export interface WebSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The token for signing in; without it the page only shows. */
  uiToken?: string;
  /** The secret that senders of webhooks sign with; without it there is no webhook. */
  hookSecret?: string;
  metrics: Metrics;
  /** Names beside localhost under which it is reached, such as that of a proxy. */
  allowHosts?: readonly string[];
  /** Hears of what went wrong while answering; readers are told nothing of it. */
  onError?: (error: unknown) => void;
}

/**
 * Shows a daemon to people and machines: the page, its live updates, the metrics, the probes, and the webhook.
 * @throws DiagnosticError where it cannot listen, or a secret is too short to be one.
 */
export async function startWeb(
  daemon: Daemon,
  settings: WebSettings,
): Promise<{ url: string; close(): Promise<void> }> {
  refuseWeak(settings);
  const access = settings.uiToken === undefined ? undefined : createAccess(settings.uiToken);
  const parts = createPageFragments(daemon);
  const live = createLiveUpdates(daemon, parts, {
    mayAct: (request) => access?.session(request) !== undefined,
    ...(settings.onError && { onError: settings.onError }),
  });
  const answer = createRouter({
    ...healthRoutes(daemon),
    ...metricsRoutes(daemon, settings.metrics),
    ...webhookRoutes(daemon, settings.hookSecret),
    ...pageRoutes(daemon, parts, access),
    ...live.routes,
    ...(access && { ...signInRoutes(access), ...actionRoutes(daemon, access) }),
  });
  const headers = securityHeaders({ forms: access !== undefined });
  try {
    const server = await startServer({ ...settings, headers }, answer);
    return {
      url: server.url,
      async close() {
        live.close();
        await server.close();
      },
    };
  } catch (error) {
    live.close();
    throw error;
  }
}

function metricsRoutes(daemon: Daemon, metrics: Metrics): Routes {
  return {
    '/metrics': {
      async GET() {
        // Gauges are what holds now, so now is when to set them.
        metrics.onState(daemon.state());
        return { status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() };
      },
    },
  };
}

const SHORTEST_TOKEN = 16;

/** A token that can be guessed is worse than none: it looks as if something were protected. */
function refuseWeak({ uiToken, hookSecret }: WebSettings): void {
  if (uiToken !== undefined && uiToken.length < SHORTEST_TOKEN) {
    throw new DiagnosticError(
      error('usage', `the UI token is too short: it needs ${SHORTEST_TOKEN} characters`, {
        detail: 'Make one with: openssl rand -hex 24',
      }),
    );
  }
  if (hookSecret === '') {
    throw new DiagnosticError(
      error('usage', 'the webhook secret is empty', {
        detail: 'Set it to what the sender signs with, or leave it out to have no webhook.',
      }),
    );
  }
}
