import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { asWarning, hasErrors } from '../model/diagnostic.js';
import { hasChanges, type ShownPlan } from '../model/plan.js';
import type { Project } from '../model/project.js';
import { withWaysOut } from '../model/ways-out.js';
import { writeFileAtomic } from '../platform/fs/files.js';
import type { Terminal } from '../platform/process/terminal.js';
import { planJson, planMarkdown, planText } from '../report/index.js';
import { findGuardWarnings } from '../usecases/check-plan.js';
import { openEffects } from '../usecases/open-effects.js';
import { planWorkspace } from '../usecases/plan-workspace.js';
import { openWorkspace } from '../usecases/workspace-at.js';
import type { PlanFlags } from './flags.js';
import { EXIT, printDiagnostics, textOptions, visibleDiagnostics } from './output.js';
import { createProgress } from './progress.js';
import { findUndoingWatch } from './undoing-watch.js';
import { flagFor } from './ways-out.js';

/** `llmform plan`: reads live state and prints what apply would do. Its HTTP client cannot write. */
export async function runPlan(flags: PlanFlags, terminal: Terminal): Promise<number> {
  const workspace = await openWorkspace(flags, terminal);
  const progress = createProgress(terminal, flags);
  const effects = openEffects(workspace.project, terminal, { onWait: progress.wait });
  const { plan, prepared, desiredState } = await planWorkspace(workspace, effects, flags).finally(
    progress.end,
  );
  plan.diagnostics = withWaysOut(
    [
      ...plan.diagnostics,
      ...findGuardWarnings(prepared, desiredState),
      ...(await findUndoingWatch(workspace, flags, terminal)).map(asWarning),
    ],
    flagFor,
  );
  if (flags.out !== undefined) {
    plan.planId = randomUUID();
    await writeFileAtomic(resolve(terminal.cwd, flags.out), planJson(plan), {
      display: flags.out,
    });
  }
  printPlan(plan, workspace.project, flags, terminal);
  if (prepared.observation.refused.length > 0) return EXIT.refused;
  if (hasErrors(plan.diagnostics)) return EXIT.error;
  return flags.detailedExitcode && hasChanges(plan) ? EXIT.changes : EXIT.done;
}

/** Prints a plan in the format asked for; in text its findings go to the error stream. */
function printPlan(plan: ShownPlan, project: Project, flags: PlanFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(planJson(plan));
  else if (flags.format === 'markdown') terminal.out(planMarkdown(plan, project.targets));
  else {
    printDiagnostics(terminal, flags, visibleDiagnostics(plan.diagnostics, flags));
    terminal.out(planText(plan, project.targets, textOptions(terminal, flags)));
  }
}
