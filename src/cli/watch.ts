import { defined } from '../model/defined.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { openLog } from '../platform/process/log.js';
import { openSystemd } from '../platform/process/systemd.js';
import type { Terminal } from '../platform/process/terminal.js';
import { openSecrets } from '../platform/secrets/secrets.js';
import { createDaemon } from '../watch/daemon.js';
import { createMetrics } from '../watch/metrics/metrics.js';
import { createNotifications } from '../watch/notify/notifications.js';
import { collectFirstRuns, exitCodeOf } from '../watch/run-once.js';
import { servePage } from '../watch/serve.js';
import { openSource } from '../watch/source/open-source.js';
import { resolveSettings } from '../watch/state/settings.js';
import { openSuspensions } from '../watch/state/suspensions.js';
import { reportToSystemd } from '../watch/systemd-status.js';
import { EXIT } from './output.js';
import { version } from './version.js';
import type { WatchFlags } from './watch-flags.js';

/** The time for the requests in flight once watch has to stop. */
const LEAVE_WITHIN_MS = 29_000;

/** The time for the process to end by itself once everything is released. */
const LINGER_MS = 500;

/** `llmform watch`: stays until it is told to stop. With `--once`, one run of every target. */
export async function runWatch(flags: WatchFlags, terminal: Terminal): Promise<number> {
  const log = openLog(terminal.err, flags.logLevel);
  const gathering = collectFirstRuns();
  const asked = untilStopped(flags, terminal, () => log.info('stopping: requests in flight are finished'));
  const ending: (() => Promise<void>)[] = [];
  try {
    const { source, stateFolder } = await openSource({ ...terminal, ...flags });
    ending.push(source.close);
    const suspensions = await openSuspensions(stateFolder);
    ending.push(async () => suspensions.close?.());
    const notifications = createNotifications({
      recipients: () => {
        const { notify, url: page } = daemon.settings();
        return { project: daemon.state().project, notify, page };
      },
      resolve(reference) {
        const { env, mask } = terminal;
        const { folder, allowedFiles } = daemon.settings();
        const secrets = openSecrets(folder, { env, mask, ...defined({ allowedFiles }) });
        return secrets.resolve(reference).finally(secrets.release);
      },
      onFailure: (message) => log.warn(message),
      limits: { env: terminal.env },
    });
    ending.push(notifications.close);
    const metrics = createMetrics();
    const opening = createDaemon({
      version,
      log,
      source,
      suspensions,
      observers: [notifications, metrics],
      approve: flags.approve,
      loading: {
        context: terminal,
        options: flags,
        lockWait: {
          timeoutMs: flags.lockTimeout,
          onWait: (holder) => log.info('waiting for the ledger: another apply holds it', { holder }),
          stop: asked.signal,
        },
        settingsOf: (project) =>
          resolveSettings(project, { mode: flags.mode, intervalMs: flags.interval, listen: flags.listen }),
      },
      onFinished: gathering.onFinished,
    });
    const opened = await Promise.race([opening, asked.stopped]);
    if (opened === undefined) return codeOf(flags);
    const daemon = opened;
    const ignoreHangup = terminal.onHangup?.(() => {
      log.info('SIGHUP: the project is read again');
      void daemon.reload('signal');
    });
    try {
      if (flags.once) {
        const finishedRuns = await Promise.race([gathering.runAll(daemon), asked.stopped]);
        return finishedRuns === undefined ? codeOf(flags) : exitCodeOf(finishedRuns);
      }
      const web = await servePage(daemon, flags, metrics, log, terminal);
      if (web !== undefined) ending.push(web.close);
      daemon.start();
      const systemd = openSystemd(terminal.env);
      const service = systemd && reportToSystemd(daemon, systemd);
      await asked.stopped;
      await Promise.all([service?.close(), daemon.stop()]);
      return codeOf(flags);
    } finally {
      await daemon.stop();
      ignoreHangup?.();
      log.info('stopped');
    }
  } finally {
    // Also where there was no project to start with. What the daemon closed already stays closed.
    for (const end of ending.reverse()) await end();
    // A command that gives a secret may still run; its result is not needed any more.
    if (asked.isStopped()) terminal.leaveWithin?.(LINGER_MS, codeOf(flags));
    asked.end();
  }
}

interface Asked {
  /** Resolves on the first signal to stop; a second one ends the process. */
  stopped: Promise<undefined>;
  isStopped(): boolean;
  /** Fires then. */
  signal: AbortSignal;
  end(): void;
}

function untilStopped(flags: WatchFlags, terminal: Terminal, onStop: () => void): Asked {
  // Signals alone do not keep a process going, and every target may be suspended.
  const alive = setInterval(() => undefined, 3_600_000);
  let ignore = () => {};
  const stop = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    ignore = terminal.onInterrupt(() => {
      onStop();
      stop.abort(new DiagnosticError(error('ledger', 'watch was stopped while it waited for the ledger')));
      terminal.leaveWithin?.(LEAVE_WITHIN_MS, codeOf(flags));
      resolve(undefined);
    });
  });
  return {
    stopped,
    isStopped: () => stop.signal.aborted,
    signal: stop.signal,
    end() {
      clearInterval(alive);
      ignore();
    },
  };
}

/** A daemon that is told to stop has done what it is for; one run that is cut short has not. */
function codeOf({ once }: WatchFlags): number {
  return once ? EXIT.interrupted : EXIT.done;
}
