import { hasErrors } from '../model/diagnostic.js';
import { validateMarkdown, validateText, validationVerdict } from '../report/index.js';
import { loadWorkspace } from '../run/workspace.js';
import { EXIT, failureOf } from './failure.js';
import { placed, sayFindings } from './findings.js';
import type { Job } from './job.js';
import { page } from './page.js';

/** `command: validate`: offline, without a token, a credential or a secret. */
export async function runValidate(job: Job): Promise<number> {
  const { inputs, runner, workflow } = job;
  const found = await loadWorkspace(workflow.workspace, inputs.config, inputs.targets).catch((error) => ({
    manifests: [],
    diagnostics: [...failureOf(error).diagnostics],
  }));
  const diagnostics = placed(found.diagnostics, job.projectFile);
  const validation = { valid: !hasErrors(diagnostics), manifests: found.manifests.length, diagnostics };
  runner.print('llmform validate', validateText(validation, { color: true }));
  sayFindings(runner, diagnostics);
  runner.output('summary', validationVerdict(validation));
  await runner.summarize(page('### llmform validate', validateMarkdown(validation)));
  return validation.valid ? EXIT.done : EXIT.error;
}
