import type { WebRequest } from '../../platform/server/server.js';
import type { Daemon } from '../state/model.js';
import type { Access } from './access.js';
import { client } from './client.js';
import { favicon } from './icons.js';
import { pageVersion, renderPage, type Viewer } from './page.js';
import type { PageFragments } from './page-fragments.js';
import { planRoutes } from './plan-page.js';
import type { Routes } from './routes.js';
import { styleSheet } from './style/index.js';

/** The page, its parts one by one for the script, and the files it consists of. */
export function pageRoutes(daemon: Daemon, parts: PageFragments, access: Access | undefined): Routes {
  const viewerOf = (request: WebRequest): Viewer => {
    if (access === undefined) return { may: 'read' };
    const session = access.session(request);
    return session === undefined ? { may: 'sign-in' } : { may: 'act', session };
  };
  const file = (type: string, text: string) => ({
    GET: () => ({ status: 200, headers: { 'content-type': `${type}; charset=utf-8` }, body: text }),
  });

  return {
    '/': {
      async GET(request) {
        const viewer = viewerOf(request);
        const markup = (await parts(viewer.may === 'act')).map((part) => part.markup);
        return { status: 200, headers: HTML, body: renderPage(daemon.state(), viewer, markup) };
      },
    },
    '/parts': {
      async GET(request) {
        const acts = viewerOf(request).may === 'act';
        const version = request.query.get('version');
        if (version !== null && version !== pageVersion(daemon.state().version, acts)) return ANOTHER_PAGE;
        const asked = new Set(request.query.getAll('id'));
        const all = await parts(acts);
        const found = all.filter(({ id }) => asked.has(id));
        return { status: 200, headers: HTML, body: found.map((part) => part.markup) };
      },
    },
    ...planRoutes(daemon, viewerOf),
    '/app.js': file('text/javascript', `(${client})();\n`),
    '/style.css': file('text/css', styleSheet),
    '/icon.svg': file('image/svg+xml', favicon),
  };
}

// Reset Content: what was asked belongs to another page than the one that asks.
const ANOTHER_PAGE = { status: 205 };
const HTML = { 'content-type': 'text/html; charset=utf-8' };
