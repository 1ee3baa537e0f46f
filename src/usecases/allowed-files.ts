import { isAbsolute } from 'node:path';
import { DiagnosticError, error } from '../model/diagnostic.js';
import type { RunContext, RunOptions } from './run-context.js';

/**
 * The files and folders outside the project that the operator allows its files to name, all absolute. Throws
 * `DiagnosticError`.
 */
export function allowedFiles(
  env: RunContext['env'],
  { allowFile = [] }: Partial<Pick<RunOptions, 'allowFile'>> = {},
): string[] {
  const named = (env.LLMFORM_ALLOWED_FILES ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const wrong = named.find((path) => !isAbsolute(path));
  if (wrong === undefined) return [...named, ...allowFile];
  throw new DiagnosticError(
    error('usage', `LLMFORM_ALLOWED_FILES names ${JSON.stringify(wrong)}, which is no absolute path`, {
      detail: 'It lists files and folders such as /run/secrets, with spaces or commas in between.',
    }),
  );
}
