import { dirname, posix } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import { MASK_FAILED } from '../model/mask-error.js';
import type { Runner } from '../platform/github/runner.js';
import { annotationOf, countDiagnostics, diagnosticsText, foldFindings } from '../report/index.js';

/** GitHub shows ten annotations of a kind for each step and drops the others without a word. */
const MOST = 9;

/** Annotates findings at their lines: errors, then warnings, equal ones folded, and one notice that counts the rest. */
export function annotateFindings(runner: Runner, diagnostics: readonly Diagnostic[]): void {
  const findings = foldFindings(diagnostics);
  let hidden = 0;
  for (const severity of ['error', 'warning'] as const) {
    const all = findings.filter(({ diagnostic }) => diagnostic.severity === severity);
    hidden += countDiagnostics(all.slice(MOST));
    for (const finding of all.slice(0, MOST)) runner.annotate(severity, annotationOf(finding));
  }
  if (hidden === 0) return;
  runner.annotate('notice', { title: 'llmform', message: `${hidden} more in the summary of this run.` });
}

/** Findings that end a run: all of them in the log, and what GitHub has room for as annotations. */
export function reportFailure(runner: Runner, diagnostics: readonly Diagnostic[]): void {
  // One fixed sentence and nothing else.
  if (!diagnostics.some(({ summary }) => summary === MASK_FAILED)) {
    runner.print('llmform: failed', diagnosticsText(diagnostics, { color: true, detail: 'whole' }));
  }
  annotateFindings(runner, diagnostics);
}

/** Findings with the places where GitHub looks: files from the repository on, and an object at its manifest. */
export function locateDiagnostics(
  diagnostics: readonly Diagnostic[],
  projectFile: string,
  manifests: readonly Manifest[] = [],
): Diagnostic[] {
  const sources = new Map(manifests.map(({ address, source }) => [address, source]));
  return diagnostics.map((diagnostic) => {
    const found = diagnostic.file === undefined ? sources.get(diagnostic.address ?? '') : undefined;
    const { file, ...rest } = { ...diagnostic, ...found };
    const path =
      file === undefined ? undefined : posix.join(dirname(projectFile), file.replaceAll('\\', '/'));
    // Nothing above the checkout is a file of the repository.
    return path === undefined || path.startsWith('..') ? rest : { ...rest, file: path };
  });
}
