import { type Diagnostic, error, warning } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { type GuardRefusal, guardText } from '../model/guard.js';
import { reason } from '../report/apply-words.js';
import { type ApplyResult, applyRun } from '../run/apply.js';
import { guarded, mistakes } from '../run/checks.js';
import { openEffects } from '../run/effects.js';
import { loadSoundWorkspace, type Workspace } from '../run/workspace.js';
import { sayNotApplied, sayOutcome } from './apply-outcome.js';
import { EXIT, failureOf } from './failure.js';
import { placed, sayFailure, sayFindings } from './findings.js';
import { type Job, optionsOf, surroundingsOf } from './job.js';
import { demandBranch, demandPlace } from './place.js';
import { outputPlan, type Planned, printPlan } from './planned.js';
import { demandReview, findReview, type Review } from './review.js';

/** `command: apply`: plans again, and does it when that is the plan that was reviewed. */
export async function runApply(job: Job): Promise<number> {
  demandPlace(job);
  demandBranch(job);
  const review = await findReview(job);
  const seen: { planned?: Planned } = {};
  const done = await carryOut(job, review, seen).catch((error: unknown) => failureOf(error));
  if ('code' in done) {
    sayFailure(job.runner, placed(done.diagnostics, job.projectFile));
    await sayNotApplied(job, review, done, seen.planned);
    return done.code;
  }
  await sayOutcome(job, review, done);
  if (done.interrupted) return EXIT.interrupted;
  return done.whole ? EXIT.done : EXIT.partial;
}

async function carryOut(job: Job, review: Review, seen: { planned?: Planned }): Promise<ApplyResult> {
  const { runner } = job;
  const options = optionsOf(job);
  const workspace = await loadSoundWorkspace(options, surroundingsOf(job));
  const { project } = workspace;
  const stop = new AbortController();
  const ignore = runner.onCancel(() => stop.abort());
  const said: Diagnostic[] = [];
  try {
    const result = await applyRun({
      workspace,
      effects: openEffects(project, surroundingsOf(job)),
      options,
      signal: stop.signal,
      approve(prospect, intention) {
        seen.planned = { plan: prospect.plan, targets: project.targets, project: project.name };
        refuse(EXIT.error, mistakes(prospect, intention));
        printPlan(job, seen.planned);
        outputPlan(job, prospect.plan);
        demandReview(job, review, prospect.plan);
        refuse(EXIT.refused, guarded(prospect, intention, allowanceOf(job)).map(guardFinding));
      },
      onWarnings: (warnings) => said.push(...warnings),
    });
    said.unshift(...result.report.diagnostics, ...failuresOf(result), ...lostLedger(workspace, result));
    return result;
  } finally {
    ignore();
    sayFindings(runner, placed(said, job.projectFile, workspace.manifests));
  }
}

function refuse(code: number, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new ExitError(code, ...diagnostics);
}

function allowanceOf({ inputs }: Job) {
  return {
    maxDelete: inputs['max-delete'],
    maxDeletePercent: inputs['max-delete-percent'],
    maxUpdatePercent: inputs['max-update-percent'],
  };
}

function guardFinding(refusal: GuardRefusal): Diagnostic {
  const input = `${GUARD_INPUTS[refusal.guard]}: ${refusal.actual}`;
  return error('guard', guardText(refusal), {
    detail: `If that is right, run apply again with the input ${input}.`,
  });
}

const GUARD_INPUTS = {
  maxDelete: 'max-delete',
  maxDeletePercent: 'max-delete-percent',
  maxUpdatePercent: 'max-update-percent',
} as const satisfies Record<GuardRefusal['guard'], string>;

/** What did not go well, to be shown at the manifests. */
function failuresOf({ report }: ApplyResult): Diagnostic[] {
  return report.outcomes
    .filter(({ status }) => status !== 'applied')
    .map((outcome): Diagnostic => {
      const { address, status } = outcome;
      const summary = `${address}: ${status}, ${reason(outcome) ?? 'for a reason that is in the summary'}`;
      return { severity: status === 'failed' ? 'error' : 'warning', code: 'vendor', summary, address };
    });
}

/** A runner is thrown away, and a file on it. */
function lostLedger({ project }: Workspace, { report }: ApplyResult): Diagnostic[] {
  if (project.ledger.type !== 'file' || report.summary.applied === 0) return [];
  return [
    warning(
      'ledger',
      `the ledger ${project.ledger.path} is a file on this runner, and is lost with it unless you commit it`,
      {
        detail: 'In the project file, `ledger: { type: git }` keeps it on a ref of the repository.',
        file: project.file,
      },
    ),
  ];
}
