import type { Diagnostic } from '../../model/diagnostic.js';
import { formatJson } from '../format/json-text.js';

/** The document on stdout when a command with `--format json` fails before it has a result. */
export function failureJson(diagnostics: readonly Diagnostic[]): string {
  return formatJson({ formatVersion: '1', diagnostics: diagnostics.map(diagnosticDocument) });
}

/** A diagnostic as the JSON formats hold it: without the excerpt, which is for people. */
export function diagnosticDocument(diagnostic: Diagnostic): object {
  const { severity, code, summary, detail, file, line, column, address, path } = diagnostic;
  return { severity, code, summary, detail, file, line, column, address, path };
}
