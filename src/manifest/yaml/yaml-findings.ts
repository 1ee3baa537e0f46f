import { keyOfLine } from './excerpt.js';
import type { Finding } from './findings.js';
import type { YamlProblem } from './read-exact.js';

/**
 * The findings about the YAML of a file. In a broken document nothing tells a secret from other text, so a line is shown
 * whole only where it holds one plain value under a name that we know.
 */
export function toYamlFindings(
  problems: readonly YamlProblem[],
  text: string,
  known: () => readonly string[],
): Finding[] {
  if (problems.length === 0) return [];
  const lines = text.split('\n');
  const names = new Set(known());
  return problems.map((problem) => {
    const line = lines[problem.line - 1] ?? '';
    const hide = !names.has(keyOfLine(line) ?? '') || /[{[]/.test(line);
    return { code: 'yaml', ...problem, hide };
  });
}
