import { blockedText } from '../model/blocked.js';
import type { Action, Change, FieldChange, PlannedRequest } from '../model/plan.js';
import { viewField } from './field-view.js';
import { code, details, fence } from './markdown.js';
import { printable, printableLines } from './printable.js';
import { requestText } from './request-lines.js';
import { truncate } from './style.js';
import { compact } from './value.js';
import { plainMark, wordLines } from './word-lines.js';
import { causeTag, count } from './wording.js';

/** One object of a plan as a folded block: its fields as a diff, its requests folded once more. */
export function changeMarkdown(change: Change): string[] {
  const { action, blocked, fields, requests } = change;
  const diff = fields.flatMap((field) => fieldDiff(field, change));
  const title = count(requests.length, 'request');
  const paragraphs = [
    place(change),
    blocked === undefined ? [] : [`Left alone: ${code(blockedText(blocked))}`],
    action === 'orphan' && blocked === undefined ? ['No manifest any more; left as it is.'] : [],
    fields.length === 0 ? [] : fence('diff', diff),
    requests.length === 0 ? [] : details(title, fence('', requests.flatMap(shownRequest))),
  ];
  const content = paragraphs.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']);
  return details(
    headline(change),
    content.length > 0 ? content.slice(0, -1) : [EMPTY[action] ?? 'Nothing is sent.'],
  );
}

/** A manifest that is gone has nothing to show, where no vendor was asked. */
const EMPTY: Readonly<Partial<Record<Action, string>>> = { delete: 'No manifest any more.' };

/** One object of a plan where there is no room for more. */
export function changeTitle(change: Change): string[] {
  return [`<p>${headline(change)} · too long to show here</p>`];
}

/** What happens to which object, and to which of its fields: enough to know whether to open it. */
function headline({ action, address, fields, blocked }: Change): string {
  const facts = [`<b>${TITLES[action]}</b> ${code(address)}`];
  if (action !== 'create' && fields.length > 0) facts.push(fieldNames(fields));
  if (blocked !== undefined) facts.push('left alone');
  return facts.join(' · ');
}

/** Fields that a headline names, and characters of one name. */
const MOST_NAMES = 4;
const LONGEST_NAME = 40;

function fieldNames(fields: readonly FieldChange[]): string {
  const names = fields.slice(0, MOST_NAMES).map(({ path }) => code(truncate(path, LONGEST_NAME)));
  const more = fields.length > MOST_NAMES ? [`${fields.length - MOST_NAMES} more`] : [];
  return [...names, ...more].join(', ');
}

function place({ id, source }: Change): string[] {
  const facts = [
    ...(source === undefined ? [] : [code(`${source.file}:${source.line}`)]),
    ...(id === undefined ? [] : [`id ${code(id)}`]),
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
};

/** Columns that a comment shows without scrolling. */
const WIDTH = 92;
/** Characters of one request that a comment shows; the JSON plan holds it whole. */
const LONGEST_REQUEST = 4000;

/** The third value of a conflict stands below the vendor's and the manifest's. */
function fieldDiff(field: FieldChange, change: Change): string[] {
  const lines = valueLines(field, change);
  if (field.last === undefined || field.sensitive) return lines;
  return [...lines, `# last applied: ${compact(field.last)}`];
}

function valueLines(field: FieldChange, change: Change): string[] {
  const view = viewField(field, false);
  const path = printable(field.path);
  const head = [`@@ ${path} @@`, field.forcesReplacement && 'forces replacement', causeTag(change, field)]
    .filter(Boolean)
    .join(' ');
  if (change.action === 'create') {
    if (view.shape === 'sensitive') return [`+ ${path}: (sensitive)`];
    if (view.shape === 'inline') return [`+ ${path}: ${view.after ?? '(not set)'}`];
  }
  if (view.shape === 'sensitive') return [head, '! (sensitive)'];
  // An exclamation mark is what GitHub colours as "changed".
  if (view.shape === 'words')
    return [head, ...wordLines(view.parts, WIDTH, plainMark).map((l) => `! ${l}`.trimEnd())];
  if (view.shape === 'lines') {
    return [head, ...view.lines.map(({ sign, text }) => `${sign === '…' ? ' ' : sign} ${text}`.trimEnd())];
  }
  const lines = [head];
  if (view.before !== undefined) lines.push(`- ${view.before}`);
  if (view.after !== undefined) lines.push(`+ ${view.after}`);
  return lines;
}

function shownRequest(request: PlannedRequest): string[] {
  const text = requestText(request);
  if (text.length <= WIDTH || request.body === undefined) return [truncate(text, LONGEST_REQUEST)];
  const body = JSON.stringify(request.body, null, 2).slice(0, LONGEST_REQUEST);
  const lines = printableLines(body);
  if (body.length === LONGEST_REQUEST) lines.push('…');
  return [printable(`${request.method} ${request.path}`), ...lines];
}
