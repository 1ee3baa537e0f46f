import { blockedText } from '../../model/blocked.js';
import type { Change, ShownPlan } from '../../model/plan.js';
import { formatLocation } from '../diagnostics/diagnostics-text.js';
import { type Finding, namesOfEqual } from '../diagnostics/findings.js';
import { countNoun } from '../format/counts.js';
import { concat, type Detail, listed, type Shown, uncut } from '../format/detail.js';
import { hintText } from '../format/hint.js';
import { escapeHtml, foldedSection, htmlElement } from '../format/html.js';
import { asPrefix, asSentence } from '../format/sentence.js';
import { fitText } from '../format/style.js';
import { fieldHtml } from './field-html.js';
import { inReviewOrder } from './order-changes.js';
import { changeNote, planHints, planVerdict, requestCounts } from './plan-summary.js';
import { releasedHtml } from './released.js';
import { requestText } from './request-lines.js';

/**
 * The plan for a page: the verdict, what to do next, and one folded block for each object, the dangerous ones first. No
 * script and no style in it, only classes; its diagnostics are not in it either, see `findingsHtml`. A caller that has made the
 * blocks already, or wants fewer, passes them.
 */
export function planHtml(
  plan: ShownPlan,
  blocks: readonly string[] = inReviewOrder(plan.changes).map((change) => changeHtml(change, 'whole').shown),
): string {
  const hints = planHints(plan).map((hint) => `<li>${hintText(hint, codeHtml, escapeHtml)}</li>`);
  return [
    htmlElement('p', 'verdict', escapeHtml(planVerdict(plan))),
    hints.length > 0 ? htmlElement('ul', 'hints', hints.join('')) : '',
    ...blocks,
    releasedHtml(plan),
    htmlElement(
      'p',
      'counts',
      `${asPrefix(requestCounts(plan))}Fingerprint <code>${escapeHtml(plan.fingerprint)}</code>`,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Findings as a list, in their order; empty without findings. Equal warnings open by a click. */
export function findingsHtml(findings: readonly Finding[], detail: Detail): Shown<string> {
  if (findings.length === 0) return uncut('');
  const { shown, cut } = concat(findings.map((one) => listed(findingHtml(one, detail))));
  return { shown: htmlElement('ul', 'diagnostics', shown.join('\n')), cut };
}

/** Characters of one request, and of the detail of one diagnostic, that are shown in short. */
const LONGEST_REQUEST = 4000;
const LONGEST_DETAIL = 2000;

/** The folded block of one object. Comparing long texts takes its time: a tenth of a second where all of it differs. */
export function changeHtml(change: Change, detail: Detail): Shown<string> {
  const { action, address, blocked, fields, requests } = change;
  const summary = [
    htmlElement('span', `action action-${action}`, action),
    htmlElement('code', 'address', escapeHtml(address)),
    fields.length > 0 ? htmlElement('span', 'size', countNoun(fields.length, 'field')) : '',
    blocked === undefined ? '' : htmlElement('span', 'tag tag-blocked', 'left alone'),
  ];
  const inside = concat([
    ...fields.map((field) => listed(fieldHtml(field, change, detail))),
    requests.length === 0 ? uncut([]) : listed(requestsHtml(change, detail)),
  ]);
  const note = changeNote(change);
  const content = [
    facts(change),
    blocked === undefined
      ? ''
      : htmlElement('p', 'blocked', `Left alone: ${escapeHtml(blockedText(blocked))}`),
    note === undefined ? '' : htmlElement('p', action === 'orphan' ? 'blocked' : 'facts', asSentence(note)),
    ...inside.shown,
  ];
  const title = summary.filter((part) => part !== '').join(' ');
  return {
    shown: foldedSection(`change change-${action}`, address, title, content.join('')),
    cut: inside.cut,
  };
}

function facts({ id, source }: Change): string {
  const known = [
    ...(source === undefined ? [] : [`<code>${escapeHtml(`${source.file}:${source.line}`)}</code>`]),
    ...(id === undefined ? [] : [`id <code>${escapeHtml(id)}</code>`]),
  ];
  return known.length > 0 ? htmlElement('p', 'facts', known.join(' · ')) : '';
}

function requestsHtml({ address, requests }: Change, detail: Detail): Shown<string> {
  const { shown, cut } = concat(
    requests.map((request) => listed(fitText(requestText(request), LONGEST_REQUEST, detail))),
  );
  const summary = countNoun(requests.length, 'request');
  const lines = shown.map(escapeHtml).join('\n');
  return { shown: foldedSection('requests', `${address} requests`, summary, `<pre>${lines}</pre>`), cut };
}

function findingHtml(finding: Finding, detail: Detail): Shown<string> {
  const { diagnostic } = finding;
  const { severity, code, summary } = diagnostic;
  const more = fitText(diagnostic.detail ?? '', LONGEST_DETAIL, detail);
  const where = formatLocation(diagnostic);
  const parts = [
    htmlElement('span', `severity severity-${severity}`, `${severity}[${code}]`),
    where === undefined ? '' : `<code>${escapeHtml(where)}</code>`,
    escapeHtml(summary),
    more.shown === '' ? '' : htmlElement('p', 'detail', escapeHtml(more.shown)),
    equalHtml(finding),
  ];
  const content = parts.filter((part) => part !== '').join(' ');
  return { shown: htmlElement('li', `diagnostic diagnostic-${severity}`, content), cut: more.cut };
}

function equalHtml(finding: Finding): string {
  const { diagnostic, equal } = finding;
  if (equal.length === 0) return '';
  const names = namesOfEqual(finding).map((name) => `<li><code>${escapeHtml(name)}</code></li>`);
  const key = `${diagnostic.code} ${diagnostic.address ?? ''} ${diagnostic.summary}`;
  return foldedSection('equal', key, `and ${equal.length} more`, `<ul>${names.join('')}</ul>`);
}

function codeHtml(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}
