import type { Terminal } from '../io/terminal.js';
import { applyJson, applyMarkdown, applyText } from '../report/index.js';
import { type ApplyResult, applyRun } from '../run/apply.js';
import { openEffects } from '../run/effects.js';
import { loadSoundWorkspace } from '../run/workspace.js';
import { demandConsent } from './consent.js';
import type { ApplyFlags } from './flags.js';
import { EXIT, printDiagnostics, textOptions, worthSaying } from './output.js';
import { openProgress } from './progress.js';
import { requireSameProject, takeOver } from './saved-plan.js';

/** `llmform apply [FILE]`: plans, asks, writes, reads back, reports. */
export async function runApply(
  file: string | undefined,
  given: ApplyFlags,
  terminal: Terminal,
): Promise<number> {
  const { flags, saved } = await takeOver(file, given, terminal.cwd);
  const workspace = await loadSoundWorkspace(flags, terminal);
  requireSameProject(saved, workspace.project);
  const stop = new AbortController();
  const progress = openProgress(terminal, flags);
  let ignore = () => {};
  try {
    const { interrupted, whole } = await applyRun({
      workspace,
      effects: openEffects(workspace.project, terminal),
      options: flags,
      savedPlan: saved?.id,
      async approve(prospect, intention) {
        await demandConsent({ prospect, intention, flags, saved, terminal });
        ignore = terminal.onInterrupt(() => {
          progress.say('interrupted: finishing the requests in flight; press Ctrl-C again to leave at once');
          stop.abort();
        });
      },
      signal: stop.signal,
      onOutcome: progress.outcome,
      onReport(result) {
        progress.end();
        print(result, flags, terminal);
      },
      onWarnings: (warnings) => printDiagnostics(terminal, flags, worthSaying(warnings, flags)),
    });
    if (interrupted) return EXIT.interrupted;
    return whole ? EXIT.done : EXIT.partial;
  } finally {
    progress.end();
    ignore();
  }
}

function print({ report, later }: ApplyResult, flags: ApplyFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(applyJson(report));
  else if (flags.format === 'markdown') terminal.out(applyMarkdown(report));
  else {
    // The plan's own findings stand above it already.
    printDiagnostics(terminal, flags, worthSaying(later, flags));
    terminal.out(applyText({ ...report, diagnostics: [...later] }, textOptions(terminal, flags)));
  }
}
