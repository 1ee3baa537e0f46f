import { resolve } from 'node:path';
import { readLoneFile } from '../io/lone-file.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { EXIT } from './failure.js';
import { ARTIFACT_LIMIT } from './fork-artifact.js';
import { postForkPlan, readForkRun } from './fork-post.js';
import type { Job } from './job.js';
import { page } from './page.js';
import { COMMENT } from './plan.js';
import { posting } from './posting.js';

/** `command: post`: the second job for pull requests of forks. It reads one file, and nothing of a checkout. */
export async function runPost(job: Job): Promise<number> {
  const { inputs, runner, workflow } = job;
  const run = readForkRun(workflow.event === 'workflow_run' ? workflow.payload : null);
  const file = inputs['plan-file'];
  if (file === '') throw missing();
  const artifact = await readLoneFile(resolve(workflow.workspace, file), ARTIFACT_LIMIT, file);
  const { config, targets } = inputs;
  let skipped = false;
  const { url, notes } = await posting(job, COMMENT, async (github) => {
    const posted = await postForkPlan(artifact, run, { config, targets }, github);
    skipped = 'note' in posted;
    return 'note' in posted ? { note: `Nothing was posted: ${posted.note}.` } : posted;
  });
  const said = url === undefined ? [] : [`The plan of the fork is [in its pull request](${url}).`];
  await runner.summarize(page('### llmform post', ...said, ...notes));
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
