import { DiagnosticError, error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { EXIT } from './failure.js';
import type { StepContext } from './step-context.js';

/** Refuses events in which a command with credentials would read unreviewed files. */
export function requireAllowedEvent({ inputs, event }: StepContext): void {
  const { command } = inputs;
  if (event.name === 'pull_request_target') {
    throw usage(
      `${command} does not run on pull_request_target`,
      'There the credentials of the repository meet files of strangers. Use pull_request, and push for apply.',
    );
  }
  if (command === 'plan' || event.name !== 'pull_request') return;
  throw usage(
    `${command} does not run on pull_request`,
    command === 'apply'
      ? 'It applies what was merged: use push to the default branch, or workflow_dispatch.'
      : 'It compares what was merged with what is live: use schedule, or the command plan here.',
  );
}

/** Only the default branch was reviewed; for another one the plan has to be named. */
export function requireDefaultBranch({ inputs, event, workflow }: StepContext): void {
  if (event.onDefaultBranch || inputs.fingerprint !== undefined) return;
  const branch = workflow.ref || 'none that the event names';
  throw new ExitError(
    EXIT.refused,
    error('usage', `apply runs on the default branch, and this is ${branch}`, {
      detail: 'To apply another one, give the input fingerprint of its plan.',
    }),
  );
}

function usage(summary: string, detail: string): DiagnosticError {
  return new DiagnosticError(error('usage', summary, { detail }));
}
