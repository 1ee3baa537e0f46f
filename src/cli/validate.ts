import type { Terminal } from '../io/terminal.js';
import { hasErrors } from '../model/diagnostic.js';
import { validateGithub, validateJson, validateMarkdown, validateText } from '../report/index.js';
import type { CommonFlags } from './flags.js';
import { loadWorkspace } from './load.js';
import { EXIT, textOptions } from './output.js';

/** `llmform validate`: offline, needs no credential and no secret. */
export async function runValidate(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const { manifests, diagnostics } = await loadWorkspace(terminal.cwd, flags.config, flags.target);
  const valid = !hasErrors(diagnostics);
  const validation = { valid, manifests: manifests.length, diagnostics };
  if (flags.format === 'json') terminal.out(validateJson(validation));
  else if (flags.format === 'github') terminal.out(validateGithub(validation));
  else if (flags.format === 'markdown') terminal.out(validateMarkdown(validation));
  else terminal.out(validateText(validation, textOptions(terminal, flags)));
  return valid ? EXIT.done : EXIT.error;
}
