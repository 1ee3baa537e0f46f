import { DiagnosticError } from '../../model/diagnostic.js';
import type { WebReply, WebRequest } from '../../platform/server/server.js';
import type { Daemon } from '../state/model.js';
import type { Access } from './access.js';
import { fragmentId } from './fragment-id.js';
import { html } from './html.js';
import { renderDocument } from './page.js';
import type { Routes } from './routes.js';

/** The actions of a signed-in browser: a form for each, sent from our own page. */
export function actionRoutes(daemon: Daemon, access: Access): Routes {
  const act = (action: (target: string, form: URLSearchParams) => Promise<boolean> | boolean) => ({
    async POST(request: WebRequest): Promise<WebReply> {
      const refusal = access.refusal(request);
      if (refusal !== undefined) return refusal;
      const id = request.query.get('part') ?? '';
      const target = daemon.state().targets.find(({ name }) => fragmentId(name) === id);
      if (target === undefined) return sorry(404, 'That target is gone.');
      const form = new URLSearchParams(request.body.toString('utf8'));
      try {
        if (!(await action(target.name, form))) return sorry(409, MOVED);
      } catch (error) {
        // A mistake with words of its own holds no secret; everything else stays in the log.
        if (error instanceof DiagnosticError) return sorry(409, error.message);
        throw error;
      }
      return { status: 303, headers: { location: `/#${id}` } };
    },
  });

  return {
    '/sync': {
      POST(request) {
        const refusal = access.refusal(request);
        if (refusal !== undefined) return refusal;
        daemon.sync('page');
        return { status: 303, headers: { location: '/' } };
      },
    },
    '/target/sync': act((target) => {
      daemon.sync('page', target);
      return true;
    }),
    '/target/approve': act((target, form) => daemon.approve(target, form.get('fingerprint') ?? '')),
    '/target/suspend': act(async (target) => {
      await daemon.suspend(target);
      return true;
    }),
    '/target/resume': act(async (target) => {
      await daemon.resume(target);
      return true;
    }),
  };
}

const MOVED =
  'The plan has changed since the page showed it, so nothing was approved. Look at the new one first.';

function sorry(status: number, text: string): WebReply {
  const body = html`<main class="sign-in"><h1>Nothing was done</h1><p>${text}</p><p><a href="/">Back to the page</a></p></main>`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: renderDocument('Nothing was done', body),
  };
}
