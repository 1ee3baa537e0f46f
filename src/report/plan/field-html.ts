import type { Change, FieldChange } from '../../model/plan.js';
import type { Detail, Shown } from '../format/detail.js';
import { addedText, escapeHtml, htmlElement, removedText } from '../format/html.js';
import type { DiffSegment } from '../text-diff/elide.js';
import { aspectsTag } from '../text-diff/field-aspects.js';
import { chooseFieldView, type DiffLine, type FieldView } from '../text-diff/field-view.js';
import { compactValue } from '../text-diff/value-text.js';
import { visible } from '../text-diff/word-diff-lines.js';
import { causeTag } from './plan-summary.js';

/** One field of a change: its path, why it changes, and the difference, in the shape that suits it. */
export function fieldHtml(field: FieldChange, change: Change, detail: Detail): Shown<string> {
  const { shown: view, cut } = chooseFieldView(field, detail);
  const last =
    field.last === undefined || field.sensitive
      ? ''
      : htmlElement('p', 'last', `last applied: <code>${escapeHtml(compactValue(field.last))}</code>`);
  const content = `${heading(field, change)}${difference(view, change)}${last}`;
  return { shown: htmlElement('section', 'field', content), cut };
}

function heading(field: FieldChange, change: Change): string {
  const cause = causeTag(change, field);
  const aspects = aspectsTag(field);
  const tags = [
    field.forcesReplacement ? htmlElement('span', 'tag tag-replacement', 'forces replacement') : '',
    cause === undefined ? '' : htmlElement('span', `tag tag-${field.cause}`, cause),
    aspects === undefined ? '' : htmlElement('span', 'tag', aspects),
  ].filter((tag) => tag !== '');
  return htmlElement('h4', 'path', [`<code>${escapeHtml(field.path)}</code>`, ...tags].join(' '));
}

function difference(view: FieldView, { action }: Change): string {
  if (view.shape === 'sensitive') return htmlElement('p', 'sensitive', escapeHtml(view.text));
  if (view.shape === 'words') return htmlElement('pre', 'words', view.segments.map(wordHtml).join(''));
  const created = action === 'create';
  if (view.shape === 'lines') {
    return htmlElement('pre', 'lines', view.lines.map((line) => lineHtml(line, created)).join('\n'));
  }
  const { before, after } = view;
  if (created) return htmlElement('p', 'values', `<code>${escapeHtml(after ?? '(not set)')}</code>`);
  const from = before === undefined ? nothing('(not set)') : removedText(before);
  const to = after === undefined ? nothing('(removed)') : addedText(after);
  return htmlElement('p', 'values', `${from} <span aria-hidden="true">→</span> ${to}`);
}

function wordHtml({ kind, text }: DiffSegment): string {
  if (kind === 'removed') return removedText(visible(kind, text));
  if (kind === 'added') return addedText(visible(kind, text));
  return kind === 'elided' ? htmlElement('span', 'elided', escapeHtml(text)) : escapeHtml(text);
}

function lineHtml({ sign, text }: DiffLine, created: boolean): string {
  if (sign === '…') return htmlElement('span', 'elided', escapeHtml(text));
  if (created) return escapeHtml(text);
  const line = `${sign} ${text}`.trimEnd();
  if (sign === '-') return removedText(line);
  return sign === '+' ? addedText(line) : escapeHtml(line);
}

function nothing(words: string): string {
  return htmlElement('span', 'nothing', words);
}
