import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { writeAtomic } from '../io/files.js';
import type { Terminal } from '../io/terminal.js';
import { emptyLedger } from '../ledger/index.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Project } from '../model/project.js';
import { closeAll, prepare } from '../reconcile/reconcile.js';
import { planJson, planMarkdown, planText } from '../report/index.js';
import { type PlanFlags, planOptions } from './flags.js';
import { loadSoundWorkspace } from './load.js';
import { EXIT, printDiagnostics, textOptions, worthSaying } from './output.js';
import { openEffects } from './world.js';

/** `llmform plan`: reads live state and prints what apply would do. Its HTTP client cannot write. */
export async function runPlan(flags: PlanFlags, terminal: Terminal): Promise<number> {
  const { project, targets, manifests, diagnostics } = await loadSoundWorkspace(flags, terminal);
  const effects = openEffects(project, terminal);
  const ledger = (await effects.ledger.read()) ?? emptyLedger(project.name);
  const prospect = await prepare(
    { project, targets, manifests, ledger },
    effects.world,
    planOptions(flags),
    effects.reader,
  );
  await closeAll(prospect.observation);
  const plan = prospect.plan;
  plan.diagnostics.unshift(...diagnostics);
  if (flags.out !== undefined) {
    plan.planId = randomUUID();
    await writeAtomic(resolve(terminal.cwd, flags.out), effects.secrets.mask(planJson(plan)), {
      display: flags.out,
    });
  }
  printPlan(plan, project, flags, terminal);
  if (hasErrors(plan.diagnostics)) return EXIT.error;
  const changes = plan.changes.some(({ action }) => action !== 'orphan');
  return flags.detailedExitcode && changes ? EXIT.changes : EXIT.done;
}

/** Prints a plan in the format asked for; in text its findings go to the error stream. */
export function printPlan(plan: Plan, project: Project, flags: PlanFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(planJson(plan));
  else if (flags.format === 'markdown') terminal.out(planMarkdown(plan, project.targets));
  else {
    printDiagnostics(terminal, flags, worthSaying(plan.diagnostics, flags));
    terminal.out(planText(plan, project.targets, textOptions(terminal, flags)));
  }
}
