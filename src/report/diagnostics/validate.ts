import type { Diagnostic } from '../../model/diagnostic.js';
import { countNoun } from '../format/counts.js';
import { formatJson } from '../format/json-text.js';
import { type Budget, createSizeBudget } from '../format/size-budget.js';
import { joinLines, styleFor, type TextOptions } from '../format/style.js';
import { diagnosticsGithub } from './diagnostics-github.js';
import { diagnosticDocument } from './diagnostics-json.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { diagnosticsText } from './diagnostics-text.js';

/** The result of `validate`. */
export interface Validation {
  valid: boolean;
  /** The number of manifests without a mistake of their own. */
  manifests: number;
  diagnostics: Diagnostic[];
}

/** All findings, then the verdict. */
export function validateText(validation: Validation, options: TextOptions): string {
  const { paint } = styleFor(options);
  const color = validation.valid ? paint.green : paint.red;
  const findings = diagnosticsText(validation.diagnostics, options);
  return `${findings}${joinLines([color(validationVerdict(validation))])}`;
}

/** `{ formatVersion, valid, manifests, diagnostics }`. */
export function validateJson({ valid, manifests, diagnostics }: Validation): string {
  return formatJson({
    formatVersion: '1',
    valid,
    manifests,
    diagnostics: diagnostics.map(diagnosticDocument),
  });
}

/** One annotation for each finding; nothing when there is none. */
export function validateGithub({ diagnostics }: Validation): string {
  return diagnosticsGithub(diagnostics);
}

/** The verdict, then the findings, for a comment or a job summary. */
export function validateMarkdown(validation: Validation, budget: Budget = {}): string {
  const room = createSizeBudget(budget);
  const headline = [`**${validationVerdict(validation)}**`];
  room.take([...headline, '']);
  const findings = diagnosticsMarkdown(validation.diagnostics, room);
  return joinLines([...headline, ...(findings.length > 0 ? ['', ...findings.slice(0, -1)] : [])]);
}

/** One sentence that says whether it is valid. */
export function validationVerdict({ valid, manifests }: Validation): string {
  if (valid) return `Valid: ${countNoun(manifests, 'manifest')}.`;
  return manifests === 0
    ? 'Not valid.'
    : `Not valid. Manifests without a mistake of their own: ${manifests}.`;
}
