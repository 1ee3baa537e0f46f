import type { Change, FieldChange } from '../model/plan.js';
import { type DiffLine, type FieldView, viewField } from './field-view.js';
import { added, element, escapeHtml, removed } from './html.js';
import type { Part } from './part.js';
import type { Detail, Shown } from './shown.js';
import { compact } from './value.js';
import { visible } from './word-lines.js';
import { causeTag } from './wording.js';

/** One field of a change: its path, why it changes, and the difference, in the shape that suits it. */
export function fieldHtml(field: FieldChange, change: Change, detail: Detail): Shown<string> {
  const { shown: view, cut } = viewField(field, detail);
  const last =
    field.last === undefined || field.sensitive
      ? ''
      : element('p', 'last', `last applied: <code>${escapeHtml(compact(field.last))}</code>`);
  const content = `${heading(field, change)}${difference(view, change)}${last}`;
  return { shown: element('section', 'field', content), cut };
}

function heading(field: FieldChange, change: Change): string {
  const cause = causeTag(change, field);
  const tags = [
    field.forcesReplacement ? element('span', 'tag tag-replacement', 'forces replacement') : '',
    cause === undefined ? '' : element('span', `tag tag-${field.cause}`, cause),
  ].filter((tag) => tag !== '');
  return element('h4', 'path', [`<code>${escapeHtml(field.path)}</code>`, ...tags].join(' '));
}

function difference(view: FieldView, { action }: Change): string {
  if (view.shape === 'sensitive') return element('p', 'sensitive', '(sensitive)');
  if (view.shape === 'words') return element('pre', 'words', view.parts.map(wordHtml).join(''));
  const created = action === 'create';
  if (view.shape === 'lines') {
    return element('pre', 'lines', view.lines.map((line) => lineHtml(line, created)).join('\n'));
  }
  const { before, after } = view;
  if (created) return element('p', 'values', `<code>${escapeHtml(after ?? '(not set)')}</code>`);
  const from = before === undefined ? nothing('(not set)') : removed(before);
  const to = after === undefined ? nothing('(removed)') : added(after);
  return element('p', 'values', `${from} <span aria-hidden="true">→</span> ${to}`);
}

function wordHtml({ kind, text }: Part): string {
  if (kind === 'removed') return removed(visible(kind, text));
  if (kind === 'added') return added(visible(kind, text));
  return kind === 'elided' ? element('span', 'elided', escapeHtml(text)) : escapeHtml(text);
}

function lineHtml({ sign, text }: DiffLine, created: boolean): string {
  if (sign === '…') return element('span', 'elided', escapeHtml(text));
  if (created) return escapeHtml(text);
  const line = `${sign} ${text}`.trimEnd();
  if (sign === '-') return removed(line);
  return sign === '+' ? added(line) : escapeHtml(line);
}

function nothing(words: string): string {
  return element('span', 'nothing', words);
}
