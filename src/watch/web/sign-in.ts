import type { WebReply } from '../../platform/server/server.js';
import { type Access, isSameOrigin } from './access.js';
import { html } from './html.js';
import { renderDocument } from './page.js';
import type { Routes } from './routes.js';

/** The way to what changes something. Only there with a UI token. */
export function signInRoutes(access: Access): Routes {
  return {
    '/sign-in': {
      GET: () => page(200),
      POST(request) {
        if (!isSameOrigin(request)) return { status: 403, body: 'This form was sent from another page\n' };
        const result = access.signIn(request);
        if (result === undefined) return page(401, 'That is not the token.');
        if ('cookie' in result) return seeOther({ 'set-cookie': result.cookie });
        const wait = String(result.waitSeconds);
        return {
          ...page(429, `Too many wrong tokens. Try again in ${wait} s.`, { 'retry-after': wait }),
        };
      },
    },
    '/sign-out': {
      POST: (request) => access.refusal(request) ?? seeOther({ 'set-cookie': access.signOut(request) }),
    },
  };
}

function seeOther(headers: Readonly<Record<string, string>>): WebReply {
  return { status: 303, headers: { ...headers, location: '/' } };
}

function page(status: number, problem?: string, headers: Readonly<Record<string, string>> = {}): WebReply {
  const body = html`<main class="sign-in">
<h1>Sign in</h1>
<p>The token is the one that <code>llmform watch</code> was started with. It lets you approve plans, start runs, and suspend and resume targets.</p>
<form method="post" action="/sign-in">
<input name="username" value="llmform" autocomplete="username" hidden>
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${problem === undefined ? '' : html` aria-describedby="problem" aria-invalid="true"`}>
${problem !== undefined && html`<p id="problem" class="problem" role="alert">${problem}</p>`}
<button type="submit">Sign in</button> <a href="/">Back to the page</a>
</form>
</main>`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    body: renderDocument('Sign in', body),
  };
}
