import type { WebReply, WebRequest } from '../../platform/server/server.js';
import { createSessions, SESSION_SECONDS, type Session, sameSecret } from './sessions.js';

/** Sign-in and permissions. Without a UI token every viewer only reads. */
export interface Access {
  /** The session of a request; undefined for a reader. */
  session(request: WebRequest): Session | undefined;
  /** The answer to a right token carries the session's cookie; else why there is none. */
  signIn(request: WebRequest): { cookie: string } | { waitSeconds: number } | undefined;
  /** Ends the session; the cookie that is none. */
  signOut(request: WebRequest): string;
  /** The answer to a form that must not be carried out, because of who sent it or from where. */
  refusal(request: WebRequest): WebReply | undefined;
}

export function createAccess(uiToken: string): Access {
  const sessions = createSessions(uiToken);
  const session = (request: WebRequest) => sessions.find(cookieOf(request));
  return {
    session,
    signIn(request) {
      const token = new URLSearchParams(request.body.toString('utf8')).get('token') ?? '';
      const opened = sessions.open(token, request.from);
      if (opened === undefined || 'waitSeconds' in opened) return opened;
      return { cookie: setCookie(request, opened.id, SESSION_SECONDS) };
    },
    signOut(request) {
      sessions.close(cookieOf(request));
      return setCookie(request, '', 0);
    },
    refusal(request) {
      if (!isSameOrigin(request)) return { status: 403, body: 'This form was sent from another page\n' };
      const found = session(request);
      const csrf = new URLSearchParams(request.body.toString('utf8')).get('csrf') ?? '';
      if (found !== undefined && sameSecret(csrf, found.csrf)) return undefined;
      return { status: 403, body: 'The session has ended. Go back, reload the page and sign in again.\n' };
    },
  };
}

/** Browsers say where a form comes from. What says nothing is no browser, and has no business with forms. */
export function isSameOrigin(request: WebRequest): boolean {
  const site = request.header('sec-fetch-site');
  // The browser's own verdict; a proxy may have changed the name that we were asked by.
  if (site !== undefined) return site === 'same-origin';
  const origin = request.header('origin') ?? '';
  return URL.canParse(origin) && new URL(origin).host === request.header('host')?.toLowerCase();
}

function setCookie(request: WebRequest, value: string, seconds: number): string {
  const https =
    request.header('x-forwarded-proto') === 'https' || request.header('origin')?.startsWith('https:');
  const facts = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict', ...(https ? ['Secure'] : [])];
  return [`${cookieName(request)}=${value}`, ...facts].join('; ');
}

function cookieOf(request: WebRequest): string | undefined {
  const pairs = (request.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  const start = `${cookieName(request)}=`;
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length) || undefined;
}

/** Cookies know no ports: two daemons on one machine would sign people out of each other. */
function cookieName(request: WebRequest): string {
  const [, port] = /:(\d+)$/.exec(request.header('host') ?? '') ?? [];
  return port === undefined ? 'llmform_session' : `llmform_session_${port}`;
}
