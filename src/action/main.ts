import { openGitHub } from '../io/github.js';
import { createMask } from '../io/mask.js';
import { repositoryPath } from '../io/repository-path.js';
import type { Runner } from '../io/runner.js';
import type { Workflow } from '../io/workflow.js';
import { runApply } from './apply.js';
import { runDrift } from './drift.js';
import { readEvent } from './event.js';
import { EXIT, failureOf } from './failure.js';
import { sayFailure } from './findings.js';
import { type CommandName, readInputs } from './inputs.js';
import type { Job } from './job.js';
import { findingsPart, page } from './page.js';
import { runPlan } from './plan.js';
import { runPost } from './post.js';
import { runValidate } from './validate.js';

const COMMANDS: Readonly<Record<CommandName, (job: Job) => Promise<number>>> = {
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
    sayFailure(runner, diagnostics);
  } catch {
    return EXIT.error;
  }
  return code;
}

async function run(workflow: Workflow, runner: Runner): Promise<number> {
  try {
    const job = openJob(workflow, runner);
    return await COMMANDS[job.inputs.command](job);
  } catch (error) {
    const { code, diagnostics } = failureOf(error);
    sayFailure(runner, diagnostics);
    await runner.summarize(page('### llmform: failed', findingsPart(diagnostics)));
    return code;
  }
}

function openJob(workflow: Workflow, runner: Runner): Job {
  const inputs = readInputs(workflow.inputs);
  const token = inputs['github-token'];
  const mask = createMask();
  if (token !== '') {
    mask.hold().add(token);
    runner.hide(token);
  }
  const github = token === '' || workflow.owner === '' ? undefined : openGitHub(token, workflow, mask.clean);
  const projectFile = repositoryPath(workflow.workspace, inputs.config);
  return { inputs, workflow, event: readEvent(workflow), projectFile, runner, mask, github };
}
