import type { Diagnostic } from '../model/diagnostic.js';
import { inlineCode, inlineText } from '../report/format/markdown.js';
import { annotationOf, diagnosticsMarkdown } from '../report/index.js';
import type { Inputs } from './inputs.js';

/** Characters of a comment or an issue; GitHub takes 65,536. The second is for a server that counts bytes. */
export const COMMENT_LIMITS = [60_000, 15_000] as const;

/** Of those, for the marker: it holds the names of the project file and the targets. */
export const MARKER_ROOM = 2_000;

/** Bytes of a step's summary. Over 1 MiB GitHub drops the whole of it. */
export const SUMMARY_LIMIT = 900_000;

/** The heading of a post: which command, and of what where that is not everything. */
export function postTitle(inputs: Inputs, words: string): string {
  const config = inputs.config === 'llmform.yaml' ? [] : [inlineCode(inputs.config)];
  return `### ${[`llmform ${words}`, ...config, ...inputs.targets.map(inlineCode)].join(' · ')}`;
}

/** A text of parts, one below the other. Empty ones are left out. */
export function joinParts(...parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** Findings as markdown: a single finding without a place as sentences, others as a list. */
export function findingsPart(diagnostics: readonly Diagnostic[]): string {
  const [only, ...others] = diagnostics;
  if (only === undefined || others.length > 0 || only.file !== undefined) {
    return diagnosticsMarkdown(diagnostics).join('\n');
  }
  const { title, message } = annotationOf({ diagnostic: only, equal: [] });
  const [summary = title, ...detail] = message.split('\n').map(inlineText);
  return joinParts(`**${summary}**`, ...detail);
}

/** A text where it has room, else its first paragraph and where the rest is. */
export function fitText(text: string, limit: number, rest: string): string {
  if (text.length <= limit) return text;
  const [first = ''] = text.split('\n\n', 1);
  const more = `_There is more than has room here; ${rest} holds all._`;
  return joinParts(first.length + more.length < limit ? first : '', more);
}
