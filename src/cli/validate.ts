import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Diagnostic, DiagnosticError, hasErrors } from '../model/diagnostic.js';
import type { Terminal } from '../platform/process/terminal.js';
import {
  type Validation,
  validateGithub,
  validateJson,
  validateMarkdown,
  validateText,
} from '../report/index.js';
import { allowedFiles } from '../usecases/allowed-files.js';
import { loadWorkspace, workspaceFindings } from '../usecases/load-workspace.js';
import type { CommonFlags, ValidateFlags } from './flags.js';
import { EXIT, textOptions, visibleDiagnostics } from './output.js';

/** `llmform validate`: offline, needs no credential and no secret. */
export async function runValidate(flags: ValidateFlags, terminal: Terminal): Promise<number> {
  const validation = await findings(flags, terminal);
  if (flags.format === 'json') terminal.out(validateJson(validation));
  else if (flags.format === 'github')
    terminal.command(validateGithub(annotated(validation, flags, terminal.cwd)));
  else if (flags.format === 'markdown') terminal.out(validateMarkdown(validation));
  else {
    const diagnostics = visibleDiagnostics(validation.diagnostics, flags);
    terminal.out(validateText({ ...validation, diagnostics }, textOptions(terminal, flags)));
  }
  return validation.valid ? EXIT.done : EXIT.error;
}

/** Mistakes that keep the manifests from being read at all are what this command is asked for, too. */
async function findings(
  { config, target, allowFile }: ValidateFlags,
  terminal: Terminal,
): Promise<Validation> {
  try {
    const allowed = allowedFiles(terminal.env, { allowFile });
    const workspace = await loadWorkspace(terminal, config, target, allowed);
    const diagnostics = workspaceFindings(workspace);
    return { valid: !hasErrors(diagnostics), manifests: workspace.manifests.length, diagnostics };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { valid: false, manifests: 0, diagnostics: error.diagnostics };
  }
}

/** Annotations belong to files of the repository, where the command runs; findings name them from the project on. */
function annotated(validation: Validation, { config }: CommonFlags, cwd: string): Validation {
  const folder = relative(cwd, dirname(resolve(cwd, config)));
  const place = ({ file, ...diagnostic }: Diagnostic): Diagnostic =>
    file === undefined ? diagnostic : { ...diagnostic, file: join(folder, file).replaceAll(sep, '/') };
  return { ...validation, diagnostics: validation.diagnostics.map(place) };
}
