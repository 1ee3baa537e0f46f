import type { Action, Change, FieldChange, PlannedRequest } from '../model/plan.js';
import { viewField } from './field-view.js';
import { code, details, fence } from './markdown.js';
import { printable } from './printable.js';
import { requestText } from './request-lines.js';
import { truncate } from './style.js';
import { compact } from './value.js';
import { plainMark, wordLines } from './word-lines.js';
import { causeTag, count } from './wording.js';

/** One object of a plan as a folded block: its fields as a diff, its requests folded once more. */
export function changeMarkdown(change: Change): string[] {
  const { action, blocked, fields, requests } = change;
  const content = [];
  if (blocked !== undefined) content.push(`Left alone: ${code(blocked)}`, '');
  if (action === 'orphan' && blocked === undefined) content.push('No manifest any more; left as it is.', '');
  if (fields.length > 0)
    content.push(
      ...fence(
        'diff',
        fields.flatMap((f) => fieldDiff(f, change)),
      ),
      '',
    );
  if (requests.length > 0) {
    content.push(...details(count(requests.length, 'request'), fence('', requests.map(shownRequest))), '');
  }
  if (content.length === 0) content.push('Nothing is sent.', '');
  return details(title(change), content.slice(0, -1));
}

/** One object of a plan where there is no room for more. */
export function changeTitle(change: Change): string[] {
  return [`<p>${title(change)} · too long to show here</p>`];
}

function title({ action, address, id, source, blocked }: Change): string {
  const facts = [`<b>${TITLES[action]}</b> ${code(address)}`];
  if (id !== undefined) facts.push(code(id));
  if (source !== undefined) facts.push(code(`${source.file}:${source.line}`));
  if (blocked !== undefined) facts.push('left alone');
  return facts.join(' · ');
}

const TITLES: Readonly<Record<Action, string>> = {
  delete: '➖ delete',
  replace: '♻️ replace',
  update: '✏️ update',
  adopt: '🔗 adopt',
  create: '➕ create',
  orphan: '❔ orphan',
};

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
    return [head, ...wordLines(view.parts, 120, plainMark).map((l) => `! ${l}`.trimEnd())];
  if (view.shape === 'lines') {
    return [head, ...view.lines.map(({ sign, text }) => `${sign === '…' ? ' ' : sign} ${text}`.trimEnd())];
  }
  const lines = [head];
  if (view.before !== undefined) lines.push(`- ${view.before}`);
  if (view.after !== undefined) lines.push(`+ ${view.after}`);
  return lines;
}

function shownRequest(request: PlannedRequest): string {
  return truncate(requestText(request), LONGEST_REQUEST);
}
