import type { WebAnswer, WebRequest } from '../../platform/server/server.js';

/** The methods of a path. HEAD comes with GET. */
export interface Route {
  GET?: (request: WebRequest) => WebAnswer | Promise<WebAnswer>;
  POST?: (request: WebRequest) => WebAnswer | Promise<WebAnswer>;
}

export type Routes = Readonly<Record<string, Route>>;

/** Finds the route of a request, and says no in HTTP's words where there is none. */
export function createRouter(routes: Routes): (request: WebRequest) => WebAnswer | Promise<WebAnswer> {
  const known = new Map(Object.entries(routes));
  return (request) => {
    const route = known.get(request.path);
    if (route === undefined) return { status: 404, body: 'Not found\n' };
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const answer = method === 'GET' || method === 'POST' ? route[method] : undefined;
    if (answer !== undefined) return answer(request);
    const allow = [...(route.GET ? ['GET', 'HEAD'] : []), ...(route.POST ? ['POST'] : [])].join(', ');
    return { status: 405, headers: { allow }, body: 'Method not allowed\n' };
  };
}
