import type { DaemonState } from '../state/model.js';
import { ACTION_FORM } from './buttons.js';
import { type Html, html } from './html.js';
import { sprite } from './icons.js';
import type { Session } from './sessions.js';

/** The viewer: a reader, one who could sign in, or one who has. */
export type Viewer = { may: 'read' } | { may: 'sign-in' } | { may: 'act'; session: Session };

/** The page around its parts, which are sent as they are. */
export function renderPage(
  { project, version }: DaemonState,
  viewer: Viewer,
  parts: readonly Buffer[],
): Buffer[] {
  const [before = '', after = ''] = renderDocument(
    `${project} · llmform watch`,
    html`<a class="skip" href="#targets">Skip to the targets</a>
<header class="top">
<h1><span class="brand">llmform</span> ${project}</h1>
<p class="live" id="live" data-version="${pageVersion(version, viewer.may === 'act')}"><noscript>Reload to see what has changed</noscript></p>
${account(viewer)}
</header>
<main id="targets" tabindex="-1">${SLOT}</main>
<p class="visually-hidden" id="said" role="status"></p>
<footer><p>llmform ${version}. <a href="/metrics">Metrics</a>, <a href="/readyz">readiness</a>.</p></footer>`,
    { script: true },
  ).split(SLOT.markup);
  return [Buffer.from(before), ...parts, Buffer.from(after)];
}

/** Which page the parts belong to: that of another program, or of a viewer with other rights, is another one. */
export function pageVersion(version: string, acts: boolean): string {
  return acts ? `${version} acting` : version;
}

/** A whole document; nothing in it comes from elsewhere. */
export function renderDocument(title: string, body: Html, { script = false } = {}): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/style.css">
${script && html`<script src="/app.js" defer></script>`}</head>
<body>${sprite}
${body}
</body></html>
`.markup;
}

// No text can look like it: what is put into a template is escaped.
const SLOT: Html = { markup: '<parts>' };

/** Sign-in and sign-out; the form that buttons elsewhere belong to. */
export function account(viewer: Viewer): Html | undefined {
  if (viewer.may === 'read') return undefined;
  if (viewer.may === 'sign-in')
    return html`<p class="buttons"><a class="button" href="/sign-in">Sign in</a></p>`;
  return html`<form class="buttons" id="${ACTION_FORM}" method="post" action="/sync"><input type="hidden" name="csrf" value="${viewer.session.csrf}">
<button>Sync all</button><button formaction="/sign-out">Sign out</button></form>`;
}
