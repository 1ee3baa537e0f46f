import { openLog } from '../io/log.js';
import type { Terminal } from '../io/terminal.js';
import { DiagnosticError } from '../model/diagnostic.js';
import { openDaemon } from '../watch/daemon.js';
import { exitCodeOf, gather } from '../watch/once.js';
import { settingsOf } from '../watch/settings.js';
import { folderSource, type Source } from '../watch/source.js';
import { suspensionsInMemory } from '../watch/suspensions.js';
import { EXIT } from './output.js';
import { version } from './version.js';
import type { WatchFlags } from './watch-flags.js';

/** How long the requests in flight may take once we are told to stop. */
const LEAVE_WITHIN_MS = 29_000;

/** `llmform watch`: stays until it is told to stop. With `--once`, one run of every target. */
export async function runWatch(flags: WatchFlags, terminal: Terminal): Promise<number> {
  const log = openLog(terminal.err, flags.logLevel);
  const gathering = gather();
  const asked = untilStopped(flags, terminal, () => log.info('stopping: requests in flight are finished'));
  try {
    const daemon = await openDaemon({
      version,
      log,
      source: openSource(flags, terminal),
      suspensions: suspensionsInMemory(),
      observers: [],
      approve: flags.approve,
      loading: {
        surroundings: terminal,
        options: flags,
        settingsOf: (project) =>
          settingsOf(project, { mode: flags.mode, intervalMs: flags.interval, listen: flags.listen }),
      },
      onTurn: gathering.onTurn,
    });
    const ignoreHangup = terminal.onHangup?.(() => {
      log.info('SIGHUP: the project is read again');
      void daemon.reload('signal');
    });
    try {
      if (flags.once) {
        const turns = await Promise.race([gathering.runAll(daemon), asked.stopped]);
        return turns === undefined ? EXIT.interrupted : exitCodeOf(turns);
      }
      // The web server starts here: const web = await startWeb(daemon, daemon.settings()); and is closed below.
      daemon.start();
      await asked.stopped;
      return EXIT.done;
    } finally {
      await daemon.stop();
      ignoreHangup?.();
      log.info('stopped');
    }
  } finally {
    asked.end();
  }
}

interface Asked {
  /** Resolves on the first signal to stop; a second one ends the process. */
  stopped: Promise<undefined>;
  end(): void;
}

function untilStopped(flags: WatchFlags, terminal: Terminal, onStop: () => void): Asked {
  // Signals alone do not keep a process going, and every target may be suspended.
  const alive = setInterval(() => undefined, 3_600_000);
  let ignore = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    ignore = terminal.onInterrupt(() => {
      onStop();
      terminal.leaveWithin?.(LEAVE_WITHIN_MS, flags.once ? EXIT.interrupted : EXIT.done);
      resolve(undefined);
    });
  });
  return {
    stopped,
    end() {
      clearInterval(alive);
      ignore();
    },
  };
}

/** The place where a source that follows git, or watches files, comes in. */
function openSource({ git, config }: WatchFlags, { cwd }: Terminal): Source {
  if (git === undefined) return folderSource(cwd, config);
  throw new DiagnosticError({ severity: 'error', code: 'usage', summary: '--git cannot be used yet' });
}
