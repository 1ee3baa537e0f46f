import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, error, warning } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { guardText } from '../model/guard.js';
import type { Terminal } from '../platform/process/terminal.js';
import type { PreparedPlan } from '../prepare/prepare.js';
import { planText, type TextOptions } from '../report/index.js';
import type { ShownPreparedPlan } from '../usecases/apply-workspace.js';
import { checkFingerprint, checkGuards, findPlanErrors } from '../usecases/check-plan.js';
import { type ApplyFlags, isQuiet } from './flags.js';
import { EXIT, printDiagnostics, textOptions, visibleDiagnostics } from './output.js';
import { formatRepeatCommand } from './repeat-command.js';
import type { SavedPlan } from './saved-plan.js';

interface Question {
  prepared: ShownPreparedPlan;
  desiredState: DesiredState;
  flags: ApplyFlags;
  saved: SavedPlan | undefined;
  terminal: Terminal;
}

/** Checks everything that can stop an apply before its first write, then asks the user. Throws `ExitError` on a refusal. */
export async function requireConsent(question: Question): Promise<void> {
  const { prepared, desiredState, flags, saved, terminal } = question;
  const refuse = (code: number, diagnostics: readonly Diagnostic[]) => {
    if (diagnostics.length === 0) return;
    terminal.err('Nothing was applied.\n');
    throw new ExitError(code, ...diagnostics);
  };
  refuse(EXIT.error, findPlanErrors(prepared, desiredState));
  const asks = asksFirst(prepared, flags);
  const asking = asks && terminal.confirm !== undefined;
  if (asking || !isQuiet(flags)) showPlan(question, asking);
  refuse(EXIT.refused, spent(desiredState, saved));
  refuse(EXIT.refused, checkFingerprint(prepared, [flags.fingerprint, saved?.fingerprint]));
  refuse(EXIT.refused, guardedAgain(question));
  if (!asks) return;
  if (asking && (await terminal.outputFault?.()) !== undefined) refuse(EXIT.refused, [NOT_SHOWN]);
  if (terminal.confirm === undefined) refuse(EXIT.refused, [NO_TERMINAL]);
  else if (!(await terminal.confirm('Apply these changes? Only "yes" will do: '))) {
    terminal.err('Not approved. Nothing was applied.\n');
    throw new ExitError(EXIT.refused, ...(flags.format === 'json' ? [NOT_APPROVED] : []));
  }
}

function asksFirst({ plan }: PreparedPlan, { autoApprove }: ApplyFlags): boolean {
  // An adoption may have nothing to send, and is a decision all the same.
  const binds = plan.changes.some(({ action, blocked }) => action === 'adopt' && blocked === undefined);
  return !autoApprove && (plan.requests.write > 0 || binds);
}

/**
 * On the stream for results only where the plan is one: the other formats hold one document. Before a question nothing is
 * cut and every warning is shown, because what is answered is the whole plan.
 */
function showPlan({ prepared, desiredState, flags, terminal }: Question, asking: boolean): void {
  const { plan } = prepared;
  const stream = flags.format === 'text' ? 'out' : 'err';
  const optionsFor = (to: 'out' | 'err'): TextOptions => {
    const usual = textOptions(terminal, flags, to);
    return asking && usual.detail === 'short' ? { ...usual, detail: 'whole' } : usual;
  };
  const text = `${planText(plan, desiredState.project.targets, optionsFor(stream))}\n`;
  if (asking) printDiagnostics(terminal, flags, plan.diagnostics, optionsFor('err'));
  else if (stream === 'out') printDiagnostics(terminal, flags, visibleDiagnostics(plan.diagnostics, flags));
  if (stream === 'out') terminal.out(text);
  else terminal.err(text);
}

/** A saved plan runs once, even if its changes were undone at the vendor since. */
function spent({ ledger }: DesiredState, saved: SavedPlan | undefined): Diagnostic[] {
  if (saved === undefined || ledger.spent?.includes(saved.id) !== true) return [];
  const summary = `the plan in ${saved.file} was applied already`;
  return [error('stale', summary, { detail: 'Make a new one with: llmform plan -o FILE' })];
}

/** Each guard has a flag of its own; the command has to satisfy all of them. */
function guardedAgain({ prepared, desiredState, flags, saved }: Question): Diagnostic[] {
  const refusals = checkGuards(prepared, desiredState, flags);
  const detail = `If that is right: ${formatRepeatCommand(saved?.file, flags, refusals)}`;
  return refusals.map((refusal) => error('guard', guardText(refusal), { detail }));
}

const NO_TERMINAL: Diagnostic = error('usage', 'cannot ask for approval: not a terminal', {
  detail: 'Run apply on a terminal, or approve the plan beforehand with --auto-approve.',
});

const NOT_SHOWN: Diagnostic = error('usage', 'the plan could not be shown, so it cannot be approved', {
  detail:
    'The output of this command cannot be written: print to the terminal, or approve with --fingerprint.',
});

/** A "no" is a decision and not a mistake: only a script is told, because its document cannot be empty. */
const NOT_APPROVED: Diagnostic = warning('usage', 'the plan was not approved');
