import type { WebReply, WebRequest } from '../../platform/server/server.js';
import { inReviewOrder, planHtml } from '../../report/index.js';
import type { Daemon, TargetState } from '../state/model.js';
import { renderApproval } from './buttons.js';
import { renderFindings } from './findings.js';
import { fragmentId } from './fragment-id.js';
import { type Html, html, trustedHtml } from './html.js';
import { account, renderDocument, type Viewer } from './page.js';
import { MOST_OBJECTS, planPagePath, renderBlocks } from './plan.js';
import type { Routes } from './routes.js';

/** All of a target's plan, page by page and nothing cut, for approval: the button is on the last page. */
export function planRoutes(daemon: Daemon, viewerOf: (request: WebRequest) => Viewer): Routes {
  return {
    '/plan': {
      async GET(request) {
        const { query } = request;
        const target = daemon.state().targets.find(({ name }) => fragmentId(name) === query.get('part'));
        if (target?.plan === undefined) return page(404, html`<h1>There is no such plan</h1>${back('')}`);
        const asked = query.get('plan') ?? target.plan.fingerprint;
        if (asked !== target.plan.fingerprint) return page(409, moved(target));
        const pages = Math.max(1, Math.ceil(target.plan.changes.length / MOST_OBJECTS));
        const at = Math.min(pages, Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1));
        return page(200, await pageOfPlan(target, at, pages, viewerOf(request)));
      },
    },
  };
}

async function pageOfPlan(target: TargetState, at: number, pages: number, viewer: Viewer): Promise<Html> {
  const { name, plan } = target;
  if (plan === undefined) return html``;
  const shown = inReviewOrder(plan.changes).slice((at - 1) * MOST_OBJECTS, at * MOST_OBJECTS);
  const blocks = await renderBlocks(shown, 'whole');
  const last = at === pages;
  const to = (n: number, words: string) =>
    html`<a class="button" href="${planPagePath(name, plan.fingerprint, n)}">${words}</a>`;
  return html`<header><h1>Plan of ${name}</h1>
${pages > 1 && html`<p class="quiet">Page ${at} of ${pages}</p>`}${account(viewer)}</header>
<div class="target">${at === 1 && renderFindings(plan.diagnostics, 'whole').shown}<div class="plan">${trustedHtml(planHtml(plan, blocks.shown))}</div>
<nav class="buttons" aria-label="Pages of the plan">${at > 1 && to(at - 1, 'Page before')}${!last && to(at + 1, 'Next page')}</nav>
${last && viewer.may === 'act' && renderApproval(target)}</div>
${back(`#${fragmentId(name)}`)}`;
}

function moved({ name }: TargetState): Html {
  return html`<h1>The plan of ${name} has changed</h1><p><a href="${planPagePath(name)}">Begin again with the new one</a></p>${back('')}`;
}

function back(to: string): Html {
  return html`<p><a href="/${to}">Back to the page</a></p>`;
}

function page(status: number, content: Html): WebReply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: renderDocument('Plan', html`<main class="whole">${content}</main>`),
  };
}
