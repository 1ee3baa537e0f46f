import type { Systemd } from '../platform/process/systemd.js';
import type { Daemon, DaemonState, TargetStatus } from './state/model.js';

/**
 * Keeps systemd informed: that we are ready, how the targets do, and that we live. Ready is told at once, since the
 * project was read by then; a vendor that hangs must not keep the unit from starting.
 */
export function reportToSystemd(daemon: Daemon, systemd: Systemd): { close(): Promise<void> } {
  let told = formatStatus(daemon.state());
  let finished = systemd.notify('READY=1', `STATUS=${told}`);
  let queued = false;

  function tell(): void {
    if (queued) return;
    queued = true;
    finished = finished.then(async () => {
      queued = false;
      const status = formatStatus(daemon.state());
      if (status === told) return true;
      told = status;
      return systemd.notify(`STATUS=${status}`);
    });
  }

  const unsubscribe = daemon.subscribe(tell);
  const timer =
    systemd.watchdogMs === undefined
      ? undefined
      : setInterval(() => {
          if (daemon.live()) void systemd.notify('WATCHDOG=1');
        }, systemd.watchdogMs / 3);
  return {
    async close() {
      unsubscribe();
      await finished;
      await systemd.notify('STOPPING=1', 'STATUS=finishing the requests in flight');
      // Until the process ends: leaving may take as long as the request in flight.
      timer?.unref();
    },
  };
}

/** `3 targets: 2 in sync, 1 failing`. */
export function formatStatus({ targets, source }: DaemonState): string {
  const counts = new Map<TargetStatus, number>();
  for (const { status } of targets) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(([status, count]) => `${count} ${status.replace('-', ' ')}`);
  const broken = source.diagnostics.some(({ severity }) => severity === 'error');
  const s = targets.length === 1 ? '' : 's';
  return `${targets.length} target${s}: ${parts.join(', ')}${broken ? '; a newer project has mistakes' : ''}`;
}
