import { defined } from '../../model/defined.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { printable, printableLines } from '../../model/text.js';
import { joinLines } from '../format/style.js';
import { formatLocation } from './diagnostics-text.js';
import { equalText, type Finding, foldFindings } from './findings.js';

/** Workflow commands that GitHub turns into annotations of the files of a pull request: errors first, equal warnings folded. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return joinLines(foldFindings(diagnostics).map(annotation));
}

function annotation(finding: Finding): string {
  const { severity, line, column } = finding.diagnostic;
  const { title, message, file } = annotationOf(finding);
  const properties = [
    file !== undefined && `file=${escapeProperty(file)}`,
    line !== undefined && `line=${line}`,
    column !== undefined && `col=${column}`,
    `title=${escapeProperty(title)}`,
  ].filter((property) => property !== false);
  return `::${severity} ${properties.join(',')}::${escapeData(message)}`;
}

/** The annotation of a finding, with its place set apart. */
export function annotationOf(
  finding: Finding,
): Pick<Diagnostic, 'file' | 'line' | 'column'> & { title: string; message: string } {
  const { diagnostic } = finding;
  const { code, summary, detail, file, line, column } = diagnostic;
  const subject = file === undefined ? formatLocation(diagnostic) : undefined;
  const head = [subject, printable(summary)].filter((text) => text !== undefined).join(' ');
  const equal = equalText(finding, 'whole').shown;
  const more = equal === undefined ? [] : [equal];
  const message = [head, ...(detail === undefined ? [] : printableLines(detail)), ...more].join('\n');
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
