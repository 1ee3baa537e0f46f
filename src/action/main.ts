import { toRepositoryPath } from '../platform/git/repository-path.js';
import { openGitHub } from '../platform/github/github.js';
import type { Runner } from '../platform/github/runner.js';
import type { Workflow } from '../platform/github/workflow.js';
import { createMask } from '../platform/secrets/mask.js';
import { reportFailure } from './annotate.js';
import { runApply } from './apply.js';
import { runDrift } from './drift.js';
import { readEvent } from './event.js';
import { EXIT, failureOf } from './failure.js';
import { type CommandName, readInputs } from './inputs.js';
import { runPlan } from './plan.js';
import { runPost } from './post.js';
import { findingsPart, joinParts } from './post-layout.js';
import type { StepContext } from './step-context.js';
import { runValidate } from './validate.js';

const COMMANDS: Readonly<Record<CommandName, (step: StepContext) => Promise<number>>> = {
  validate: runValidate,
  plan: runPlan,
  apply: runApply,
  drift: runDrift,
  post: runPost,
};

/** Runs one step of a workflow and returns its exit code. Says everything itself and never throws. */
export async function main(workflow: Workflow, runner: Runner): Promise<number> {
  const code = await run(workflow, runner);
  runner.output('exit-code', code);
  return code;
}

/** Reports what nothing caught. Returns the exit code, and never throws: Node would print the error in full. */
export function crash(error: unknown, runner: Runner): number {
  const { code, diagnostics } = failureOf(error);
  try {
    reportFailure(runner, diagnostics);
  } catch {
    return EXIT.error;
  }
  return code;
}

async function run(workflow: Workflow, runner: Runner): Promise<number> {
  try {
    const step = openStep(workflow, runner);
    return await COMMANDS[step.inputs.command](step);
  } catch (error) {
    const { code, diagnostics } = failureOf(error);
    reportFailure(runner, diagnostics);
    await runner.summarize(joinParts('### llmform: failed', findingsPart(diagnostics)));
    return code;
  }
}

function openStep(workflow: Workflow, runner: Runner): StepContext {
  const inputs = readInputs(workflow.inputs);
  const token = inputs['github-token'];
  const mask = createMask();
  if (token !== '') {
    mask.hold().add(token);
    runner.hideSecret(token);
  }
  const github = token === '' || workflow.owner === '' ? undefined : openGitHub(token, workflow, mask.clean);
  const projectFile = toRepositoryPath(workflow.workspace, inputs.config);
  return { inputs, workflow, event: readEvent(workflow), projectFile, runner, mask, github };
}
