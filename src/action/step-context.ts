import { dirname, resolve } from 'node:path';
import { isInsideProject } from '../manifest/document/inside-project.js';
import type { Json } from '../model/json.js';
import { forEachText } from '../model/map-text.js';
import type { SecretReference } from '../model/project.js';
import { endOfWait } from '../model/vendor-error.js';
import type { GitHub } from '../platform/github/github.js';
import type { Runner } from '../platform/github/runner.js';
import type { Workflow } from '../platform/github/workflow.js';
import type { Mask } from '../platform/secrets/mask.js';
import { isGuessable } from '../platform/secrets/secret-forms.js';
import { allowedFiles } from '../usecases/allowed-files.js';
import { loadWorkspace, type Workspace } from '../usecases/load-workspace.js';
import type { EffectSettings } from '../usecases/open-effects.js';
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

export function runOptionsOf({ inputs, workflow }: StepContext): RunOptions {
  return {
    config: inputs.config,
    target: inputs.targets,
    prune: inputs.prune,
    adopt: inputs.adopt,
    trustSecrets: inputs['trust-secrets'],
    rebind: inputs.rebind,
    allowHost: inputs['allowed-hosts'],
    allowCommands: inputs['allow-commands'],
    allowFile: inputs['allowed-files'].map((path) => resolve(workflow.workspace, path)),
  };
}

/** The project and its manifests as they are, with all mistakes. Throws `DiagnosticError` where there is no project. */
export function loadFiles(step: StepContext): Promise<Workspace> {
  const { inputs, workflow } = step;
  const allowed = allowedFiles(workflow.env, runOptionsOf(step));
  const { workspace: cwd, env } = workflow;
  return loadWorkspace({ cwd, env }, inputs.config, inputs.targets, allowed);
}

/** The project sees the workflow's variables. */
export function runContextOf({ inputs, workflow, runner, mask }: StepContext): RunContext {
  const folder = dirname(resolve(workflow.workspace, inputs.config));
  return {
    cwd: workflow.workspace,
    env: workflow.env,
    mask,
    onSecret: (secret, from) => {
      if (!isOfProject(from, folder) && isWorthHiding(secret, from, workflow.payload))
        runner.hideSecret(secret);
    },
  };
}

/**
 * The runner takes what it is told to hide out of the whole log, our own words too, and refuses to hand on outputs that
 * hold it. So it is not told what the author of a pull request may have chosen for that: a file of the project, what the
 * runner itself says of the run (such as the name of the branch), a text of the event (such as that of the pull request), or
 * a word. We print no secret either way; this is for
 * the steps that come later.
 */
function isWorthHiding(secret: string, from: SecretReference, payload: Json): boolean {
  if (isGuessable(secret)) return false;
  let said = false;
  forEachText(payload, (text) => {
    said ||= text.trim() === secret.trim();
  });
  if (said) return false;
  return !('fromEnv' in from && /^(GITHUB|RUNNER)_(?!TOKEN$)/.test(from.fromEnv));
}

function isOfProject(from: SecretReference, folder: string): boolean {
  return 'fromFile' in from && isInsideProject(from.fromFile, folder);
}

/** Says in the log that requests wait for a target, and how that ended. */
export function sayWait({ print }: Runner): NonNullable<EffectSettings['onWait']> {
  return ({ name }, { code, message }) => {
    print(`waiting for ${name}`, message);
    const { done, gaveUp } = endOfWait(code);
    return (answered) => print(`${name} ${answered ? done : gaveUp}`, message);
  };
}

/** The link to the run's page, where the summary is. */
export function summaryLink({ workflow }: StepContext): string {
  return `[job summary](${workflow.runUrl})`;
}
