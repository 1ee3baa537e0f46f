import { blockedText } from '../model/blocked.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Change, Plan } from '../model/plan.js';
import { inFileOrder, location } from './diagnostics-text.js';
import { fieldHtml } from './field-html.js';
import { hintText } from './hint.js';
import { element, escapeHtml, folded } from './html.js';
import { requestText } from './request-lines.js';
import { inReviewOrder } from './review-order.js';
import { truncate } from './style.js';
import { count, planHints, requestCounts, verdict } from './wording.js';

/**
 * The plan for a page: the verdict, what to do next, and one folded block for each object, the dangerous ones first. No
 * script and no style in it, only classes; its diagnostics are not in it either, see `diagnosticsHtml`. Whoever has made
 * the blocks already, or wants fewer, passes them.
 */
export function planHtml(
  plan: Plan,
  blocks = inReviewOrder(plan.changes).map((change) => changeHtml(change)),
): string {
  const hints = planHints(plan).map((hint) => `<li>${hintText(hint, codeHtml, escapeHtml)}</li>`);
  return [
    element('p', 'verdict', escapeHtml(verdict(plan))),
    hints.length > 0 ? element('ul', 'hints', hints.join('')) : '',
    ...blocks,
    element(
      'p',
      'counts',
      `${requestCounts(plan)}. Fingerprint <code>${escapeHtml(plan.fingerprint)}</code>`,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Diagnostics as a list, in the order of the files; empty where there are none. */
export function diagnosticsHtml(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  return element('ul', 'diagnostics', inFileOrder(diagnostics).map(diagnosticHtml).join('\n'));
}

/** Characters of one request, and of one detail, that a page shows. */
const LONGEST_REQUEST = 4000;
const LONGEST_DETAIL = 2000;

/**
 * The folded block of one object. Comparing long texts takes its time: a tenth of a second where all of it differs.
 * Requests are cut after `longestRequest` characters.
 */
export function changeHtml(change: Change, longestRequest = LONGEST_REQUEST): string {
  const { action, address, blocked, fields, requests } = change;
  const summary = [
    element('span', `action action-${action}`, action),
    element('code', 'address', escapeHtml(address)),
    fields.length > 0 ? element('span', 'size', count(fields.length, 'field')) : '',
    blocked === undefined ? '' : element('span', 'tag tag-blocked', 'left alone'),
  ];
  const content = [
    facts(change),
    blocked === undefined ? '' : element('p', 'blocked', `Left alone: ${escapeHtml(blockedText(blocked))}`),
    action === 'orphan' && blocked === undefined
      ? element('p', 'blocked', 'No manifest any more; left as it is.')
      : '',
    ...fields.map((field) => fieldHtml(field, change)),
    requests.length === 0 ? '' : requestsHtml(change, longestRequest),
  ];
  const title = summary.filter((part) => part !== '').join(' ');
  return folded(`change change-${action}`, address, title, content.join(''));
}

function facts({ id, source }: Change): string {
  const known = [
    ...(source === undefined ? [] : [`<code>${escapeHtml(`${source.file}:${source.line}`)}</code>`]),
    ...(id === undefined ? [] : [`id <code>${escapeHtml(id)}</code>`]),
  ];
  return known.length > 0 ? element('p', 'facts', known.join(' · ')) : '';
}

function requestsHtml({ address, requests }: Change, longest: number): string {
  const lines = requests.map((request) => escapeHtml(truncate(requestText(request), longest)));
  const summary = count(requests.length, 'request');
  return folded('requests', `${address} requests`, summary, `<pre>${lines.join('\n')}</pre>`);
}

function diagnosticHtml(diagnostic: Diagnostic): string {
  const { severity, code, summary, detail } = diagnostic;
  const where = location(diagnostic);
  const parts = [
    element('span', `severity severity-${severity}`, `${severity}[${code}]`),
    where === undefined ? '' : `<code>${escapeHtml(where)}</code>`,
    escapeHtml(summary),
    detail === undefined ? '' : element('p', 'detail', escapeHtml(truncate(detail, LONGEST_DETAIL))),
  ];
  return element('li', `diagnostic diagnostic-${severity}`, parts.filter((part) => part !== '').join(' '));
}

function codeHtml(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}
