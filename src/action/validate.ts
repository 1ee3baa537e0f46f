import { hasErrors } from '../model/diagnostic.js';
import { validateMarkdown, validateText, validationVerdict } from '../report/index.js';
import { workspaceFindings } from '../usecases/load-workspace.js';
import { annotateFindings, locateDiagnostics } from './annotate.js';
import { EXIT, failureOf } from './failure.js';
import { joinParts } from './post-layout.js';
import type { StepContext } from './step-context.js';
import { loadFiles } from './step-context.js';

/** `command: validate`: offline, without a token, a credential or a secret. */
export async function runValidate(step: StepContext): Promise<number> {
  const { runner } = step;
  const found = await loadFiles(step).then(
    (workspace) => ({ manifests: workspace.manifests, diagnostics: workspaceFindings(workspace) }),
    (error) => ({ manifests: [], diagnostics: [...failureOf(error).diagnostics] }),
  );
  const diagnostics = locateDiagnostics(found.diagnostics, step.projectFile);
  const validation = { valid: !hasErrors(diagnostics), manifests: found.manifests.length, diagnostics };
  runner.print('llmform validate', validateText(validation, { color: true }));
  annotateFindings(runner, diagnostics);
  runner.output('summary', validationVerdict(validation));
  await runner.summarize(joinParts('### llmform validate', validateMarkdown(validation)));
  return validation.valid ? EXIT.done : EXIT.error;
}
