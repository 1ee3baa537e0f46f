import type { Diagnostic } from '../../model/diagnostic.js';
import { printable } from '../../model/text.js';
import { countNoun } from '../format/counts.js';
import { type Detail, type Shown, uncut } from '../format/detail.js';

/** A diagnostic, and the warnings that say the same of other objects. */
export interface Finding {
  diagnostic: Diagnostic;
  equal: readonly Diagnostic[];
}

/** Diagnostics in reading order, with equal warnings folded into the first. Errors are never folded: each has its place. */
export function foldFindings(diagnostics: readonly Diagnostic[]): Finding[] {
  const findings: Finding[] = [];
  const folded = new Map<string, Diagnostic[]>();
  for (const diagnostic of inReadingOrder(diagnostics)) {
    const key = diagnostic.severity === 'error' ? undefined : meaningOf(diagnostic);
    const first = key === undefined ? undefined : folded.get(key);
    if (first !== undefined) {
      first.push(diagnostic);
      continue;
    }
    const equal: Diagnostic[] = [];
    if (key !== undefined) folded.set(key, equal);
    findings.push({ diagnostic, equal });
  }
  return findings;
}

/** Diagnostics in reading order, as findings of the detail that is asked for: `full` folds nothing. */
export function findingsFor(diagnostics: readonly Diagnostic[], detail: Detail): Finding[] {
  if (detail !== 'full') return foldFindings(diagnostics);
  return inReadingOrder(diagnostics).map((diagnostic) => ({ diagnostic, equal: [] }));
}

/** The number of diagnostics in findings. */
export function countDiagnostics(findings: readonly Finding[]): number {
  return findings.reduce((sum, { equal }) => sum + 1 + equal.length, 0);
}

/** The folded warnings of a finding on one line, each by its object or its place; undefined where there are none. */
export function equalText(finding: Finding, detail: Detail): Shown<string | undefined> {
  const { equal } = finding;
  if (equal.length === 0) return uncut(undefined);
  const names = namesOfEqual(finding);
  const shown = detail === 'short' && names.length > FEW_NAMES + 1 ? names.slice(0, FEW_NAMES) : names;
  const left = names.length - shown.length;
  const list = `${shown.join(', ')}${left > 0 ? ` and ${countNoun(left, 'other')}` : ''}`;
  return { shown: `… and ${equal.length} more${list === '' ? '' : `: ${list}`}`, cut: left > 0 };
}

/** The names that the short form lists. */
const FEW_NAMES = 5;

/** The objects of the folded warnings, or their places where the object is named already. Safe to show. */
export function namesOfEqual({ diagnostic, equal }: Finding): string[] {
  const named = new Set([diagnostic.address]);
  return equal.flatMap(({ address, file, line }) => {
    if (address !== undefined && !named.has(address)) {
      named.add(address);
      return [printable(address)];
    }
    return file === undefined ? [] : [[printable(file), ...(line === undefined ? [] : [line])].join(':')];
  });
}

/** Errors first. Then by file, line and column; what belongs to no file comes last, in its order. */
function inReadingOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
    if (a.file !== b.file) {
      if (a.file === undefined) return 1;
      if (b.file === undefined) return -1;
      return a.file < b.file ? -1 : 1;
    }
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  });
}

/** Equal for warnings that say the same of different objects. */
function meaningOf({ code, summary, detail = '', address }: Diagnostic): string {
  const texts =
    address === undefined
      ? [summary, detail]
      : [summary, detail].map((text) => text.replaceAll(address, '\0'));
  return JSON.stringify([code, ...texts]);
}
