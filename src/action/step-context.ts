import type { SecretReference } from '../model/project.js';
import type { GitHub } from '../platform/github/github.js';
import type { Runner } from '../platform/github/runner.js';
import type { Workflow } from '../platform/github/workflow.js';
import type { Mask } from '../platform/secrets/mask.js';
import { LONGEST_GUESSABLE } from '../platform/secrets/secrets.js';
import type { RunContext, RunOptions } from '../usecases/run-context.js';
import type { WorkflowEvent } from './event.js';
import type { Inputs } from './inputs.js';

/** One step of a workflow: what it was asked for, where it runs, and whom it can talk to. */
export interface StepContext {
  inputs: Inputs;
  workflow: Workflow;
  event: WorkflowEvent;
  /** The project file, from the top of its repository on. */
  projectFile: string;
  runner: Runner;
  /** The known secrets of this step. */
  mask: Mask;
  /** Undefined without a token. */
  github: GitHub | undefined;
}

export function runOptionsOf({ inputs }: StepContext): RunOptions {
  return {
    config: inputs.config,
    target: inputs.targets,
    prune: inputs.prune,
    adopt: inputs.adopt,
    trustSecrets: inputs['trust-secrets'],
    allowHost: inputs['allowed-hosts'],
    allowCommands: inputs['allow-commands'],
  };
}

/** The project sees the workflow's variables. */
export function runContextOf({ workflow, runner, mask }: StepContext): RunContext {
  return {
    cwd: workflow.workspace,
    env: workflow.env,
    mask,
    onSecret: (secret, from) => {
      if (isWorthHiding(secret, from)) runner.hideSecret(secret);
    },
  };
}

/**
 * The runner takes what it is told to hide out of the whole log, our own words too, and refuses to hand on outputs that
 * hold it. So it is not told what the author of a pull request may have chosen for that: a file of the project, what the
 * runner itself says of the run (such as the name of the branch), or a word. We print no secret either way; this is for
 * the steps that come later.
 */
function isWorthHiding(secret: string, from: SecretReference): boolean {
  if ('fromFile' in from || secret.length <= LONGEST_GUESSABLE) return false;
  return !('fromEnv' in from && /^(GITHUB|RUNNER)_(?!TOKEN$)/.test(from.fromEnv));
}

/** The link to the run's page, where the summary is. */
export function summaryLink({ workflow }: StepContext): string {
  return `[job summary](${workflow.runUrl})`;
}
