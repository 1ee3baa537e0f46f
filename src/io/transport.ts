import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';
import { DiagnosticError } from '../model/diagnostic.js';
import type { JsonObject } from '../model/json.js';
import type { Target } from '../model/project.js';
import type { ReadRequest, Vendor, WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import type { Reply } from './answer.js';
import { openBudget } from './budget.js';
import { toVendorError } from './fault.js';
import { retryAfterMs } from './retry.js';
import { trustWith } from './tls.js';

declare const __LLMFORM_VERSION__: string | undefined;

const USER_AGENT = `llmform/${typeof __LLMFORM_VERSION__ === 'string' ? __LLMFORM_VERSION__ : 'dev'}`;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

/** Sends requests one by one, as they are, within the target's budget. */
export interface Transport {
  send(request: Sent): Promise<Reply>;
  counts: { read: number; write: number };
  /** Waits before a request is repeated; ends early, with an error, when the transport closes. */
  pause(ms: number): Promise<void>;
  close(): Promise<void>;
}

interface Sent {
  method: ReadRequest['method'] | WriteRequest['method'];
  path: string;
  body?: JsonObject | undefined;
}

export function openTransport(target: Target, vendor: Vendor, credential: string): Transport {
  const base = new URL(target.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const headers = headersFor(target, vendor, credential);
  const budget = openBudget(target.concurrency, target.requestsPerSecond);
  const closing = new AbortController();
  const counts = { read: 0, write: 0 };
  let pool: Promise<Pool> | undefined;

  return {
    counts,

    send: ({ method, path, body }) =>
      budget.run(async () => {
        try {
          pool ??= openPool(base, target);
          const ready = await pool;
          const request = await requestFunction();
          counts[method === 'GET' ? 'read' : 'write'] += 1;
          const response = await request.call(ready, {
            method,
            path: prefix + path,
            headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
            body: body === undefined ? null : JSON.stringify(body),
            signal: AbortSignal.timeout(target.timeoutMs),
          });
          const { statusCode: status, headers: received } = response;
          const asked = retryAfterMs(received['retry-after'], Date.now());
          // A limit concerns the whole account, so everything else had better wait as well.
          if (status === 429 && asked !== undefined) budget.hold(asked);
          return { status, headers: received, text: await response.body.text() };
        } catch (error) {
          const operation = `${method} ${path.split('?', 1)[0]}`;
          throw toVendorError(error, { base, timeoutMs: target.timeoutMs, operation });
        }
      }),

    async pause(ms) {
      await sleep(ms, undefined, { signal: closing.signal }).catch(() => {
        throw new VendorError(
          'unreachable',
          'the connection was closed before the request could be repeated',
        );
      });
    },

    async close() {
      closing.abort();
      budget.close();
      await (await pool?.catch(() => undefined))?.destroy();
    },
  };
}

function headersFor(target: Target, vendor: Vendor, credential: string): Record<string, string> {
  if (!/^[\x20-\x7e\x80-\xff]+$/.test(credential)) {
    throw new DiagnosticError({
      severity: 'error',
      code: 'credential',
      summary: `The credential of target ${target.name} cannot be sent in an HTTP header`,
      detail: 'It is empty or holds a line break or another character that a header cannot carry.',
    });
  }
  return {
    accept: 'application/json',
    'user-agent': USER_AGENT,
    [vendor.auth.header]: vendor.auth.prefix + credential,
  };
}

/** Loaded when the first request is sent: commands that send none should not pay for it. */
async function openPool(base: URL, target: Target): Promise<Pool> {
  const { default: ConnectionPool } = await import('undici/lib/dispatcher/pool.js');
  const connect = { timeout: Math.min(CONNECT_TIMEOUT_MS, target.timeoutMs) };
  return new ConnectionPool(base.origin, {
    connections: target.concurrency,
    headersTimeout: target.timeoutMs,
    bodyTimeout: target.timeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: target.caFile ? { ...connect, secureContext: await trustWith(target.caFile) } : connect,
  });
}

async function requestFunction() {
  return (await import('undici/lib/api/api-request.js')).default;
}
