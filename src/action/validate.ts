import { hasErrors } from '../model/diagnostic.js';
import { validateMarkdown, validateText } from '../report/index.js';
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
  const markdown = validateMarkdown(validation);
  runner.output('summary', (markdown.split('\n', 1)[0] ?? '').replaceAll('*', ''));
  await runner.summarize(page('### llmform validate', markdown));
  return validation.valid ? EXIT.done : EXIT.error;
}
