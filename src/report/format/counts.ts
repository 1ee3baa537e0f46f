import type { Diagnostic } from '../../model/diagnostic.js';

/** `1 object`, `12 objects`. */
export function countNoun(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `2 errors, 1 warning`. */
export function severityCounts(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [];
  if (errors > 0) parts.push(countNoun(errors, 'error'));
  if (warnings > 0) parts.push(countNoun(warnings, 'warning'));
  return parts.join(', ');
}
