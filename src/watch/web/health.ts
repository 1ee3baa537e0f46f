import type { Daemon } from '../state/model.js';
import type { Routes } from './routes.js';

/** Probes for liveness and readiness. */
export function healthRoutes(daemon: Daemon): Routes {
  return {
    '/healthz': {
      GET: () => (daemon.live() ? { status: 200, body: 'ok\n' } : { status: 503, body: 'stuck\n' }),
    },
    '/readyz': {
      GET() {
        const ready = daemon.ready();
        const body = `${JSON.stringify({ ready, reasons: ready ? [] : reasons(daemon) })}\n`;
        return { status: ready ? 200 : 503, headers: { 'content-type': 'application/json' }, body };
      },
    },
  };
}

function reasons(daemon: Daemon): string[] {
  const { source, targets } = daemon.state();
  const errors = source.diagnostics.filter((d) => d.severity === 'error').map((d) => d.summary);
  const untried = targets
    .filter((target) => target.status === 'pending')
    .map((target) => `target ${target.name} was not tried yet`);
  const known = [...errors, ...untried];
  return known.length > 0 ? known : ['the project was not read yet'];
}
