import { defined } from '../../model/defined.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { printable, printableLines } from '../../model/text.js';
import { joinLines } from '../format/style.js';
import { formatLocation, sortByPlace } from './diagnostics-text.js';

/** Workflow commands that GitHub turns into annotations of the files of a pull request. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return joinLines(sortByPlace(diagnostics).map(annotation));
}

function annotation(diagnostic: Diagnostic): string {
  const { severity, line, column } = diagnostic;
  const { title, message, file } = annotationOf(diagnostic);
  const properties = [
    file !== undefined && `file=${escapeProperty(file)}`,
    line !== undefined && `line=${line}`,
    column !== undefined && `col=${column}`,
    `title=${escapeProperty(title)}`,
  ].filter((property) => property !== false);
  return `::${severity} ${properties.join(',')}::${escapeData(message)}`;
}

/** What an annotation says of a finding, where it stands set apart. */
export function annotationOf(
  diagnostic: Diagnostic,
): Pick<Diagnostic, 'file' | 'line' | 'column'> & { title: string; message: string } {
  const { code, summary, detail, file, line, column } = diagnostic;
  const subject = file === undefined ? formatLocation(diagnostic) : undefined;
  const head = [subject, printable(summary)].filter((text) => text !== undefined).join(' ');
  const message = [head, ...(detail === undefined ? [] : printableLines(detail))].join('\n');
  return {
    title: `llmform ${code}`,
    message,
    ...defined({ file, line, column }),
  };
}

// The escapes of GitHub's own toolkit (@actions/core, command.ts). Other control characters become visible.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
