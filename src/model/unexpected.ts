import { type Diagnostic, error } from './diagnostic.js';
import { MASK_FAILED, MaskError } from './mask-error.js';

/**
 * A fault of our own as a finding. The message of an error that is not ours may quote anything, secrets among it, so it
 * is never shown: the class, the code and the place in our own files are enough to find the mistake.
 */
export function unexpectedDiagnostic(fault: unknown): Diagnostic {
  if (fault instanceof MaskError) return error('internal', MASK_FAILED);
  const [place] = framesOf(fault);
  const where = place === undefined ? '' : ` at ${place}`;
  return error('internal', `a bug in llmform: ${errorKindOf(fault)}${where}`, {
    detail:
      'This is a bug of llmform, not a mistake of yours. Please report it with the line above and the version of llmform; --log-level debug adds how it came there.',
  });
}

/** The class of an error and its code, such as `TypeError [ERR_INVALID_URL]`. */
export function errorKindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a value that is no error was thrown';
  const name = safe(/^[A-Z][A-Za-z]{0,39}$/, error.name) ?? 'Error';
  const code = safe(/^[A-Z][A-Z0-9_]{1,39}$/, 'code' in error ? error.code : undefined);
  return code === undefined ? name : `${name} [${code}]`;
}

/** The stack frames of an error in llmform's own files, innermost first: `cli/main.ts:12:3`. */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  // The message stands before the frames, and may itself look like one.
  const start = error.stack.indexOf(error.message);
  if (start === -1) return [];
  return error.stack
    .slice(start + error.message.length)
    .split('\n')
    .flatMap((line) => FRAME.exec(line)?.[1] ?? []);
}

/** The path below the folder of the program: `dist/` once it is built, `src/` in tests. Packages are bundled into it. */
const FRAME =
  /^ {4}at .*[\\/](?:dist|src)[\\/]((?:[a-z-]{1,30}[\\/]){0,2}[A-Za-z0-9-]{1,60}\.[jt]s:\d+:\d+)\)?$/;

function safe(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
