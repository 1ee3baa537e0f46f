import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What GitHub remembers of a comment or an issue. */
export interface StoredPost {
  id: number;
  node_id: string;
  user: { login: string; type: 'Bot' | 'User' };
  body: string;
  html_url: string;
  minimized: boolean;
  /** The issue or pull request that a comment belongs to. */
  issue: number;
}

export interface StoredIssue extends Omit<StoredPost, 'issue' | 'minimized'> {
  number: number;
  title: string;
  state: 'open' | 'closed';
  state_reason?: string;
  pull_request?: object;
}

export interface StoredPull {
  number: number;
  head: string;
  base?: string;
  mergedAs?: string;
  /** The branch that it comes from, as `owner:branch`. */
  from?: string;
  /** Further commits that belong to it. */
  commits?: string[];
}

export interface Call {
  method: string;
  path: string;
  body: Record<string, unknown> | undefined;
}

/** How one or more calls are answered instead of being carried out. */
export interface Failure {
  when: (call: Call) => boolean;
  status: number;
  body?: object;
  headers?: Record<string, string>;
  /** Default: 1. */
  times?: number;
}

export const BOT = 'github-actions[bot]';

/** GitHub's API as far as the action uses it, for the repository `octo/shop`: stateful, paged, and able to refuse. */
export class FakeGitHub {
  readonly calls: Call[] = [];
  readonly comments: StoredPost[] = [];
  readonly issues: StoredIssue[] = [];
  readonly pulls: StoredPull[] = [];
  readonly failures: Failure[] = [];
  /** Who the token is. The workflow's own may ask GraphQL only; `undefined`: not even that. */
  viewer: { login: string; person: boolean } | undefined = { login: BOT, person: false };
  /** Where the API lives below the host; GitHub Enterprise Server has it at `/api/v3`. */
  readonly prefix: string;
  /** Longest body of a comment or an issue. */
  longest = 65_536;
  #next = 1000;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(prefix = '') {
    this.prefix = prefix;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.prefix}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A comment that somebody wrote. */
  addComment(issue: number, body: string, login = BOT): StoredPost {
    const id = this.#next++;
    const comment: StoredPost = {
      id,
      node_id: `IC_${id}`,
      user: { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' },
      body,
      html_url: `https://github.example/octo/shop/pull/${issue}#issuecomment-${id}`,
      minimized: false,
      issue,
    };
    this.comments.push(comment);
    return comment;
  }

  addIssue(title: string, body: string, login = BOT): StoredIssue {
    const number = this.#next++;
    const issue: StoredIssue = {
      id: number * 10,
      number,
      node_id: `I_${number}`,
      user: { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' },
      title,
      body,
      state: 'open',
      html_url: `https://github.example/octo/shop/issues/${number}`,
    };
    this.issues.push(issue);
    return issue;
  }

  /** Calls that would change something; GraphQL queries are none. */
  writes(): string[] {
    return this.calls
      .filter(({ method, body }) => method !== 'GET' && !String(body?.query ?? '').startsWith('{'))
      .map(({ method, path }) => `${method} ${path}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = url.pathname;
    const call: Call = {
      method: request.method ?? '',
      path,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.calls.push(call);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const failure = this.failures.find(({ when }) => when(call));
    if (failure !== undefined) {
      failure.times = (failure.times ?? 1) - 1;
      if (failure.times === 0) this.failures.splice(this.failures.indexOf(failure), 1);
      return send(failure.status, failure.body ?? { message: 'no' }, failure.headers);
    }
    if (!/^(token|bearer) ghs_token$/i.test(request.headers.authorization ?? '')) {
      return send(401, { message: 'Bad credentials' });
    }
    // The server of GitHub Enterprise has GraphQL beside v3.
    if (path === `${this.prefix.replace(/\/v3$/, '')}/graphql`) return send(200, this.#graphql(call));
    if (!path.startsWith(this.prefix)) return send(404, { message: 'Not Found' });
    this.#rest(call, path.slice(this.prefix.length), url, send);
  }

  #graphql({ body }: Call): object {
    const query = String(body?.query);
    if (query.includes('minimizeComment')) {
      const { node } = (body?.variables ?? {}) as { node?: string };
      const comment = this.comments.find(({ node_id }) => node_id === node);
      if (comment === undefined) return { errors: [{ type: 'NOT_FOUND', message: 'no such node' }] };
      comment.minimized = true;
      return { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } };
    }
    if (this.viewer === undefined)
      return { errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }] };
    return { data: { viewer: { login: this.viewer.login } } };
  }

  #rest({ method, body }: Call, path: string, url: URL, send: Send): void {
    const author = this.viewer?.login ?? BOT;
    const match = (pattern: RegExp, verb: string) => (method === verb ? pattern.exec(path) : null);
    const tooLong = String(body?.body ?? '').length > this.longest;
    let found: RegExpExecArray | null;

    if (path === '/user') {
      if (this.viewer?.person) return send(200, { login: this.viewer.login });
      return send(403, { message: 'Resource not accessible by integration' });
    }
    if (tooLong)
      return send(422, { message: 'Validation Failed: body is too long (maximum is 65536 characters)' });
    found = match(/^\/repos\/octo\/shop\/pulls\/(\d+)$/, 'GET');
    if (found) {
      const pull = this.pulls.find(({ number }) => number === Number(found?.[1]));
      return pull ? send(200, asPull(pull)) : send(404, { message: 'Not Found' });
    }
    if (match(/^\/repos\/octo\/shop\/pulls$/, 'GET')) {
      const from = url.searchParams.get('head');
      const open = this.pulls.filter((pull) => pull.from === from && pull.mergedAs === undefined);
      return paged(open.map(asPull), url, send);
    }
    found = match(/^\/repos\/octo\/shop\/commits\/(\w+)\/pulls$/, 'GET');
    if (found) {
      const sha = found[1] ?? '';
      const having = this.pulls.filter(
        (pull) => pull.head === sha || pull.mergedAs === sha || pull.commits?.includes(sha),
      );
      return paged(having.map(asPull), url, send);
    }
    found = match(/^\/repos\/octo\/shop\/issues\/(\d+)\/comments$/, 'GET');
    if (found)
      return paged(
        this.comments.filter(({ issue }) => issue === Number(found?.[1])),
        url,
        send,
      );
    found = match(/^\/repos\/octo\/shop\/issues\/(\d+)\/comments$/, 'POST');
    if (found) return send(201, this.addComment(Number(found[1]), String(body?.body), author));
    found = match(/^\/repos\/octo\/shop\/issues\/comments\/(\d+)$/, 'PATCH');
    if (found) {
      const comment = this.comments.find(({ id }) => id === Number(found?.[1]));
      if (comment === undefined) return send(404, { message: 'Not Found' });
      comment.body = String(body?.body);
      return send(200, comment);
    }
    if (match(/^\/repos\/octo\/shop\/issues$/, 'GET')) {
      const creator = url.searchParams.get('creator');
      const state = url.searchParams.get('state');
      const matching = this.issues.filter((issue) => issue.state === state && issue.user.login === creator);
      return paged(matching.reverse(), url, send);
    }
    if (match(/^\/repos\/octo\/shop\/issues$/, 'POST')) {
      return send(201, this.addIssue(String(body?.title), String(body?.body), author));
    }
    found = match(/^\/repos\/octo\/shop\/issues\/(\d+)$/, 'PATCH');
    if (found) {
      const issue = this.issues.find(({ number }) => number === Number(found?.[1]));
      if (issue === undefined) return send(404, { message: 'Not Found' });
      return send(200, Object.assign(issue, body));
    }
    send(404, { message: 'Not Found' });
  }
}

type Send = (status: number, body: unknown, headers?: Record<string, string>) => void;

function asPull({ number, head, base = 'main', mergedAs }: StoredPull): object {
  const merged = mergedAs !== undefined;
  return {
    number,
    head: { sha: head },
    base: { ref: base },
    merged,
    merged_at: merged ? `2026-01-0${number % 9 || 1}T00:00:00Z` : null,
    merge_commit_sha: mergedAs ?? null,
  };
}

/** One page of a list, with a link to the next as GitHub gives it. */
function paged(all: readonly object[], url: URL, send: Send): void {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const more = all.length > page * size;
  send(200, all.slice((page - 1) * size, page * size), more ? { link: `<${next}>; rel="next"` } : {});
}
