import { blockedText } from '../../model/blocked.js';
import { stringifyExact } from '../../model/exact-json.js';
import type { Action, Change, FieldChange, PlannedRequest } from '../../model/plan.js';
import { printable, printableLines } from '../../model/text.js';
import { countNoun } from '../format/counts.js';
import { concat, type Detail, listed, type Shown } from '../format/detail.js';
import { fencedBlock, foldedDetails, inlineCode } from '../format/markdown.js';
import { asSentence } from '../format/sentence.js';
import { fitText, truncate } from '../format/style.js';
import { chooseFieldView, type DiffLine, type FieldView } from '../text-diff/field-view.js';
import { compactValue } from '../text-diff/value-text.js';
import { plainMark, wordDiffLines } from '../text-diff/word-diff-lines.js';
import { causeTag, changeNote } from './plan-summary.js';
import { requestText } from './request-lines.js';

/** One object of a plan as a folded block: its fields as a diff, its requests folded once more. */
export function changeMarkdown(change: Change, detail: Detail): Shown<string[]> {
  const { action, blocked, fields, requests } = change;
  const diff = concat(fields.map((field) => fieldDiff(field, change, detail)));
  const sent = concat(requests.map((request) => shownRequest(request, detail)));
  const title = countNoun(requests.length, 'request');
  const note = changeNote(change);
  const paragraphs = [
    place(change),
    blocked === undefined ? [] : [`Left alone: ${inlineCode(blockedText(blocked))}`],
    note === undefined ? [] : [asSentence(note)],
    fields.length === 0 ? [] : fencedBlock('diff', diff.shown),
    requests.length === 0 ? [] : foldedDetails(title, fencedBlock('', sent.shown)),
  ];
  const content = paragraphs.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']);
  const shown = content.length > 0 ? content.slice(0, -1) : [EMPTY[action] ?? 'Nothing is sent.'];
  return { shown: foldedDetails(headline(change), shown), cut: diff.cut || sent.cut };
}

/** A manifest that is gone has nothing to show, where no vendor was asked. */
const EMPTY: Readonly<Partial<Record<Action, string>>> = { delete: 'No manifest any more.' };

/** One object of a plan where there is no room for more. */
export function changeTitle(change: Change): string[] {
  return [`<p>${headline(change)} · too long to show here</p>`];
}

/** The action, the object and its fields: enough to decide whether to open the block. */
function headline({ action, address, fields, blocked }: Change): string {
  const facts = [`<b>${TITLES[action]}</b> ${inlineCode(address)}`];
  if (action !== 'create' && fields.length > 0) facts.push(fieldNames(fields));
  if (blocked !== undefined) facts.push('left alone');
  return facts.join(' · ');
}

/** Fields that a headline names, and characters of one name. */
const MOST_NAMES = 4;
const LONGEST_NAME = 40;

function fieldNames(fields: readonly FieldChange[]): string {
  const names = fields.slice(0, MOST_NAMES).map(({ path }) => inlineCode(truncate(path, LONGEST_NAME)));
  const more = fields.length > MOST_NAMES ? [`${fields.length - MOST_NAMES} more`] : [];
  return [...names, ...more].join(', ');
}

function place({ id, source }: Change): string[] {
  const facts = [
    ...(source === undefined ? [] : [inlineCode(`${source.file}:${source.line}`)]),
    ...(id === undefined ? [] : [`id ${inlineCode(id)}`]),
  ];
  return facts.length > 0 ? [facts.join(' · ')] : [];
}

const TITLES: Readonly<Record<Action, string>> = {
  delete: '➖ delete',
  replace: '♻️ replace',
  update: '✏️ update',
  adopt: '🔗 adopt',
  create: '➕ create',
  orphan: '❔ orphan',
  forget: '👋 forget',
};

/** Columns that a comment shows without scrolling. */
const WIDTH = 92;
/** Characters of one request, and of what was last applied, that are shown in short. */
const LONGEST_REQUEST = 4000;
const LONGEST_LAST = 800;

/** The third value of a conflict stands below the vendor's and the manifest's. */
function fieldDiff(field: FieldChange, change: Change, detail: Detail): Shown<string[]> {
  const { shown, cut } = chooseFieldView(field, detail);
  const lines = { shown: valueLines(shown, field, change), cut };
  if (field.last === undefined || field.sensitive) return lines;
  const last = fitText(`# last applied: ${compactValue(field.last)}`, LONGEST_LAST, detail);
  return concat([lines, listed(last)]);
}

function valueLines(view: FieldView, field: FieldChange, change: Change): string[] {
  const path = printable(field.path);
  const head = [`@@ ${path} @@`, field.forcesReplacement && 'forces replacement', causeTag(change, field)]
    .filter(Boolean)
    .join(' ');
  if (change.action === 'create') {
    if (view.shape === 'sensitive') return [`+ ${path}: ${view.text}`];
    if (view.shape === 'inline') return [`+ ${path}: ${view.after ?? '(not set)'}`];
  }
  if (view.shape === 'sensitive') return [head, `! ${view.text}`];
  // An exclamation mark is what GitHub colours as "changed".
  if (view.shape === 'words')
    return [head, ...wordDiffLines(view.segments, WIDTH, plainMark).map((l) => `! ${l}`.trimEnd())];
  if (view.shape === 'lines') {
    return [head, ...view.lines.flatMap(signedRows)];
  }
  const lines = [head];
  if (view.before !== undefined) lines.push(`- ${view.before}`);
  if (view.after !== undefined) lines.push(`+ ${view.after}`);
  return lines;
}

/** A line over as many rows as it needs: a block of code does not break lines, and a prompt may be one line. */
function signedRows({ sign, text }: DiffLine): string[] {
  const rows = text.length <= WIDTH ? [text] : wordDiffLines([{ kind: 'same', text }], WIDTH, plainMark);
  return rows.map((row) => `${sign === '…' ? ' ' : sign} ${row}`.trimEnd());
}

function shownRequest(request: PlannedRequest, detail: Detail): Shown<string[]> {
  const text = requestText(request);
  if (text.length <= WIDTH || request.body === undefined) {
    return listed(fitText(text, LONGEST_REQUEST, detail));
  }
  const { shown, cut } = fitText(stringifyExact(request.body, 2), LONGEST_REQUEST, detail);
  return { shown: [printable(`${request.method} ${request.path}`), ...printableLines(shown)], cut };
}
