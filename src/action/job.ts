import type { GitHub } from '../io/github.js';
import type { Runner } from '../io/runner.js';
import type { Workflow } from '../io/workflow.js';
import type { RunOptions, Surroundings } from '../run/surroundings.js';
import type { Event } from './event.js';
import type { Inputs } from './inputs.js';

/** One step of a workflow: what it was asked for, where it runs, and whom it can talk to. */
export interface Job {
  inputs: Inputs;
  workflow: Workflow;
  event: Event;
  /** The project file, from the top of its repository on. */
  projectFile: string;
  runner: Runner;
  /** Undefined without a token. */
  github: GitHub | undefined;
}

export function optionsOf({ inputs }: Job): RunOptions {
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

/** The project sees the workflow's variables; its secrets are hidden from everything that is said. */
export function surroundingsOf({ workflow, runner }: Job): Surroundings {
  return { cwd: workflow.workspace, env: workflow.env, hide: runner.hide };
}

/** The link to the run's page, where the summary is. */
export function summaryLink({ workflow }: Job): string {
  return `[job summary](${workflow.runUrl})`;
}
