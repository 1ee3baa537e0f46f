import { onOneLine } from '../../model/text.js';
import type { Notice } from './notices.js';

export interface NoticeContext {
  project: string;
  /** Address of the page, where there is one. */
  page?: string | undefined;
  /** ISO 8601. */
  ts: string;
}

/** The body of a generic webhook. `ts` is signed with the rest, so that an old message cannot pass for a new one. */
export function webhookBody(notices: readonly Notice[], { project, page, ts }: NoticeContext): object {
  return {
    formatVersion: '1',
    ts,
    project,
    ...(page !== undefined && { page }),
    notices: notices.map(({ at, ...notice }) => ({ ...notice, at: new Date(at).toISOString() })),
  };
}

/** A message for an incoming webhook of Slack. */
export function slackBody(notices: readonly Notice[], { project, page }: NoticeContext): object {
  const shown = notices.slice(0, MAX_SECTIONS);
  const sections = shown.map((notice) => slackSection(notice));
  const rest = notices.length - shown.length;
  if (rest > 0) sections.push(`and ${rest} more targets`);
  if (page !== undefined) sections.push(`<${escapeSlack(page)}|Show the page>`);
  return {
    text: `llmform, ${escapeSlack(project)}: ${notices
      .map((notice) => headline(notice))
      .join('; ')
      .slice(0, MAX_TEXT)}`,
    blocks: sections.map((text) => ({
      type: 'section',
      text: { type: 'mrkdwn', text: text.slice(0, MAX_TEXT) },
    })),
  };
}

/** Slack takes 50 blocks of 3000 characters. */
const MAX_SECTIONS = 40;
const MAX_TEXT = 2900;

/** Without these three characters no name can make a link or a mention, as `<!channel>` would. */
function escapeSlack(text: string): string {
  return onOneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function headline({ kind, target, counts = {}, error, of = [] }: Notice): string {
  const name = escapeSlack(target);
  if (kind === 'failure') return `${name} fails (${escapeSlack(error ?? 'internal')})`;
  if (kind === 'recovery') return `${name} is well again (${of.join(' and ')} over)`;
  const parts = Object.entries(counts).map(([action, count]) => `${count} to ${action}`);
  return `${name} has drifted: ${parts.join(', ') || 'differences'}`;
}

function slackSection(notice: Notice): string {
  const { addresses = [], more = 0, held = [], commit } = notice;
  return [
    `${MARKS[notice.kind]} *${headline(notice)}*`,
    ...addresses.map((address) => `• ${code(address)}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...held.map((reason) => `_${escapeSlack(reason).replaceAll('_', ' ')}_`),
    ...(commit === undefined ? [] : [`commit ${code(commit.slice(0, 12))}`]),
  ].join('\n');
}

const MARKS = { drift: ':large_yellow_circle:', failure: ':red_circle:', recovery: ':large_green_circle:' };

function code(text: string): string {
  return `\`${escapeSlack(text).replaceAll('`', "'")}\``;
}
