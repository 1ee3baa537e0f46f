import { resolve } from 'node:path';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { readUntrustedFile } from '../platform/fs/untrusted-file.js';
import { EXIT } from './failure.js';
import { ARTIFACT_LIMIT } from './fork-artifact.js';
import { postForkPlan, readForkRun } from './fork-post.js';
import { COMMENT } from './plan.js';
import { joinParts } from './post-layout.js';
import { postWithHint } from './post-with-hint.js';
import type { StepContext } from './step-context.js';

/** `command: post`: the second job for pull requests of forks. It reads one file, and nothing of a checkout. */
export async function runPost(step: StepContext): Promise<number> {
  const { inputs, runner, workflow } = step;
  const run = readForkRun(workflow.event === 'workflow_run' ? workflow.payload : null);
  const file = inputs['plan-file'];
  if (file === '') throw missing();
  const artifact = await readUntrustedFile(resolve(workflow.workspace, file), ARTIFACT_LIMIT, file);
  const { config, targets } = inputs;
  let skipped = false;
  const { url, notes } = await postWithHint(step, COMMENT, async (github) => {
    const posted = await postForkPlan(artifact, run, { config, targets }, github);
    skipped = 'note' in posted;
    return 'note' in posted ? { note: `Nothing was posted: ${posted.note}.` } : posted;
  });
  const said = url === undefined ? [] : [`The plan of the fork is [in its pull request](${url}).`];
  await runner.summarize(joinParts('### llmform post', ...said, ...notes));
  // To comment is all that this step is for.
  return url === undefined && !skipped ? EXIT.error : EXIT.done;
}

function missing(): DiagnosticError {
  return new DiagnosticError(
    error('usage', 'the input plan-file is needed for post', {
      detail: 'It is the path that actions/download-artifact put the plan of the fork to.',
    }),
  );
}
