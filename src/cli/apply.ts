import { hasErrors } from '../model/diagnostic.js';
import { spellDuration } from '../model/duration.js';
import { createRefusal, ExitError } from '../model/exit-error.js';
import type { Terminal } from '../platform/process/terminal.js';
import type { Observation } from '../prepare/observe.js';
import { countWrites } from '../prepare/prepare.js';
import { applyJson, applyMarkdown, applyText } from '../report/index.js';
import { type ApplyResult, applyWorkspace } from '../usecases/apply-workspace.js';
import { openEffects } from '../usecases/open-effects.js';
import { openWorkspace } from '../usecases/workspace-at.js';
import { requireConsent } from './consent.js';
import { diagnosticsOf } from './failure.js';
import type { ApplyFlags } from './flags.js';
import { EXIT, printDiagnostics, textOptions, visibleDiagnostics } from './output.js';
import { createProgress } from './progress.js';
import { requireSameProject, resolveApplyFlags } from './saved-plan.js';
import { findUndoingWatch } from './undoing-watch.js';

/** `llmform apply [FILE]`: plans, asks, writes, reads back, reports. */
export async function runApply(
  file: string | undefined,
  given: ApplyFlags,
  terminal: Terminal,
): Promise<number> {
  const { flags, saved } = await resolveApplyFlags(file, given, terminal.cwd);
  const workspace = await openWorkspace(flags, terminal);
  requireSameProject(saved, workspace.project);
  const undoing = await findUndoingWatch(workspace, flags, terminal);
  if (undoing.length > 0) throw createRefusal(...undoing);
  const stop = new AbortController();
  const progress = createProgress(terminal, flags);
  let observation: Observation | undefined;
  const ignore = terminal.onInterrupt(() => {
    progress.say(observation === undefined ? NOTHING_BEGUN : FINISHING);
    stop.abort(new ExitError(EXIT.interrupted));
  }, 'included');
  try {
    const { interrupted, whole, later } = await applyWorkspace({
      workspace,
      effects: openEffects(workspace.project, terminal, {
        stop: stop.signal,
        onWait: progress.wait,
        lockWait: {
          timeoutMs: flags.lockTimeout,
          onWait: (holder) =>
            progress.note(
              `waiting for the ledger, for ${spellDuration(flags.lockTimeout)} at most: another apply holds it. ${holder}`,
            ),
        },
      }),
      options: flags,
      origin: { command: 'apply', env: terminal.env },
      savedPlan: saved?.id,
      async approve(prepared, desiredState) {
        await requireConsent({ prepared, desiredState, flags, saved, terminal });
        observation = prepared.observation;
        terminal.crashCode = () => (countWrites(prepared.observation) > 0 ? EXIT.partial : EXIT.error);
      },
      signal: stop.signal,
      leave: stop.signal,
      onOutcome: progress.outcome,
      onReport(result) {
        progress.end();
        print(result, flags, terminal);
      },
      onWarnings: (warnings) => printDiagnostics(terminal, flags, visibleDiagnostics(warnings, flags)),
    });
    if (interrupted && !hasErrors(later)) return EXIT.interrupted;
    return whole ? EXIT.done : EXIT.partial;
  } catch (fault) {
    // A vendor that does not answer must not keep a process that has nothing left to do.
    if (stop.signal.aborted) terminal.leaveWithin?.(LINGER_MS, EXIT.interrupted);
    if (observation === undefined || countWrites(observation) === 0) throw fault;
    throw new ExitError(EXIT.partial, ...diagnosticsOf(fault, flags.logLevel === 'debug', terminal));
  } finally {
    progress.end();
    ignore();
  }
}

const NOTHING_BEGUN = 'interrupted: nothing was applied; press Ctrl-C again to leave at once';
const FINISHING = 'interrupted: finishing the requests in flight; press Ctrl-C again to leave at once';

/** How long the process may take to end by itself once the ledger is given back. */
const LINGER_MS = 500;

function print({ report, later }: ApplyResult, flags: ApplyFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(applyJson(report));
  else if (flags.format === 'markdown') terminal.out(applyMarkdown(report));
  else {
    // The plan's own findings stand above it already.
    printDiagnostics(terminal, flags, visibleDiagnostics(later, flags));
    terminal.out(applyText({ ...report, diagnostics: [...later] }, textOptions(terminal, flags)));
  }
}
