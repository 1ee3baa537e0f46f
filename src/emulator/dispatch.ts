import { parseExact } from '../model/exact-json.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { EmulatedApi, EmulatedReply, EmulatedRoute } from './api.js';
import type { FaultEffect } from './fault.js';
import { rewriteTexts, type TextRewrite } from './rewrite-text.js';
import { describe } from './shape.js';

/** A request as it came off the wire. */
export interface Incoming {
  method: string;
  /** With query. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** The route a request belongs to: none for an unknown path, a path alone for a method it does not have. */
export interface Match {
  route: EmulatedRoute | undefined;
  pathKnown: boolean;
  id: string;
}

export function findRoute(routes: readonly EmulatedRoute[], method: string, path: string): Match {
  const pathname = path.split('?', 1)[0] ?? '';
  const fitting = routes.flatMap((route) => {
    const id = idIn(route.path, pathname);
    return id === undefined ? [] : [{ route, id }];
  });
  const found = fitting.find(({ route }) => route.method === method);
  return { route: found?.route, pathKnown: fitting.length > 0, id: found?.id ?? '' };
}

/** Checks a request against what is documented, in the order a server would, and lets the vendor do its work. */
export function dispatch(
  api: EmulatedApi,
  request: Incoming,
  match: Match,
  account: { credential: string; rewrites: readonly TextRewrite[]; effect: FaultEffect | undefined },
): EmulatedReply {
  const early = api.intercept?.(request.path);
  if (early) return early;
  const { route, id } = match;
  if (!route) {
    return match.pathKnown ? api.refuse(405, 'Method not allowed') : api.refuse(404, 'No such path');
  }
  if (!route.open && request.headers[api.auth.header] !== api.auth.prefix + account.credential) {
    return api.refuse(401, 'Missing or invalid credential');
  }
  const query = new URLSearchParams(request.path.split('?')[1] ?? '');
  const names = [...query.keys()];
  const stray = names.find((name, index) => !route.query?.(name) || names.indexOf(name) !== index);
  if (stray !== undefined) return api.refuse(api.invalid, `Unknown or repeated query parameter ${stray}`);

  const body = readBody(route, request);
  if (typeof body === 'string') return api.refuse(api.invalid, body);
  const problems = route.body?.(body) ?? [];
  if (problems.length > 0) {
    return api.refuse(api.invalid, problems.map(describe).join('; '), { problems, sent: body });
  }
  return route.run({ id, query, body: rewriteTexts(body, account.rewrites), effect: account.effect });
}

/** The JSON value of a text, or undefined where it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** The request's body as an object, or in words why there is none. */
function readBody(route: EmulatedRoute, request: Incoming): JsonObject | string {
  const type = String(request.headers['content-type'] ?? '');
  if (!route.body) {
    // Several frameworks refuse a JSON content type without a body, so ours must not be sent.
    return request.text !== '' || type !== '' ? 'This operation takes no body' : {};
  }
  if (!/^application\/json(\s*;\s*charset=utf-8)?$/i.test(type)) return 'The body must be application/json';
  const body = parseJson(request.text);
  return isObject(body) ? body : 'The body must be a JSON object';
}

function idIn(pattern: string, pathname: string): string | undefined {
  if (!pattern.includes(':id')) return pattern === pathname ? '' : undefined;
  const [before = '', after = ''] = pattern.split(':id');
  if (!pathname.startsWith(before) || !pathname.endsWith(after)) return undefined;
  const raw = pathname.slice(before.length, pathname.length - after.length);
  if (raw === '' || raw.includes('/')) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}
