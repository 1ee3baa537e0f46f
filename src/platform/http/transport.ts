import { DiagnosticError, error } from '../../model/diagnostic.js';
import { stringifyExact } from '../../model/exact-json.js';
import type { JsonObject } from '../../model/json.js';
import type { Target } from '../../model/project.js';
import type { ReadRequest, Vendor, WriteRequest } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';
import { type ConnectionLimits, type Connections, openConnections } from './connections.js';
import type { Deadline } from './deadline.js';
import { readErrorText, readText } from './decode-body.js';
import { describeOperation, toVendorError } from './network-error.js';
import type { RawResponse } from './parse-response.js';
import { findProxy, type Variables } from './proxy.js';
import { rateLimitPauseMs } from './rate-headers.js';
import { NotSentError, type RateLimiter } from './rate-limit.js';
import type { Purpose } from './retry.js';
import { LONG_WAIT_MS, type WaitNotice } from './wait-notice.js';

declare const __LLMFORM_VERSION__: string | undefined;

const USER_AGENT = `llmform/${typeof __LLMFORM_VERSION__ === 'string' ? __LLMFORM_VERSION__ : 'dev'}`;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

/** Sends requests one by one, as they are, within the account's budget. */
export interface Transport {
  send(request: OutgoingRequest, attempt: Attempt): Promise<RawResponse>;
  counts: { read: number; write: number };
  /**
   * Waits before a request is repeated; ends early, with an error, when the waits end or the transport closes. A long
   * wait is said where there is a reason to give.
   */
  pause(ms: number, why?: VendorError): Promise<void>;
  /** Ends every pause with `NotSentError`. */
  endPauses(): void;
  /** Ends every pause, and every wait for a turn that a vendor's hold makes long, now and from now on. */
  stopWaiting(): void;
  close(): Promise<void>;
}

type Method = ReadRequest['method'] | WriteRequest['method'];

export interface OutgoingRequest extends Purpose {
  method: Method;
  path: string;
  body?: JsonObject | undefined;
}

interface Attempt {
  /** A request that is sent again goes first: its deadline runs, and others' have not begun. */
  repeated: boolean;
  deadline: Deadline;
}

/** One request as it went, without anything that could be secret or without end. */
export interface AnsweredRequest {
  method: Method;
  /** The HTTP status; absent where no answer came. */
  status?: number;
}

export interface TransportSettings {
  clock: Clock;
  /** Of the account. */
  limiter: RateLimiter;
  /** Where a proxy may be named. */
  env: Variables;
  /** Says that requests wait for a limit. Ended here when the transport closes. */
  notice: WaitNotice;
  onAnswer?: ((answer: AnsweredRequest) => void) | undefined;
}

export function openTransport(
  target: Target,
  vendor: Vendor,
  credential: string,
  { clock, limiter, notice, env, onAnswer }: TransportSettings,
): Transport {
  const base = new URL(target.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const headers = headersFor(target, vendor, credential);
  const proxy = findProxy(base, env);
  const share = limiter.join(target, notice);
  let pausing = new AbortController();
  let stopped = false;
  let closed = false;
  let refused = false;
  const counts = { read: 0, write: 0 };
  let connections: Promise<Connections> | undefined;

  async function sendNow(
    { op, method, path, body }: OutgoingRequest,
    allowedMs: number,
    number: number,
  ): Promise<RawResponse> {
    let unanswered = false;
    try {
      connections ??= openConnections(base.origin, proxy, limitsOf(target));
      const { pool } = await connections;
      const request = await requestFunction();
      counts[op === 'read' ? 'read' : 'write'] += 1;
      unanswered = true;
      const response = await request.call(pool, {
        method,
        path: prefix + path,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? null : stringifyExact(body),
        // Over the whole answer: one that drips never trips undici's own limits. Connecting has a limit of its own.
        signal: AbortSignal.timeout(allowedMs),
      });
      const { statusCode: status, headers: received } = response;
      const hold = rateLimitPauseMs({ status, headers: received }, Date.now());
      if (hold !== undefined) limiter.hold(hold);
      else if (status === 429) limiter.slowDown(number);
      else limiter.speedUp();
      unanswered = false;
      refused = status === 429;
      onAnswer?.({ method, status });
      const bytes = await response.body.bytes();
      const text = await (status < 300 ? readText : readErrorText)(bytes, received, MAX_ANSWER_BYTES);
      return { status, headers: received, text };
    } catch (error) {
      if (unanswered) onAnswer?.({ method });
      const operation = describeOperation({ method, path });
      throw toVendorError(error, { base, proxy, timeoutMs: target.timeoutMs, allowedMs, operation });
    }
  }

  function endPauses(): void {
    pausing.abort(new NotSentError());
    pausing = new AbortController();
  }

  return {
    counts,

    send: (request, { repeated, deadline }) =>
      share.run(async (number) => {
        const allowedMs = deadline.nextTry();
        if (allowedMs === 0) throw new NotSentError();
        return sendNow(request, allowedMs, number);
      }, repeated),

    async pause(ms, why) {
      if (closed) throw closedError();
      if (stopped) throw new NotSentError();
      if (why !== undefined && ms > LONG_WAIT_MS) notice.begin(why);
      await clock.sleep(ms, pausing.signal);
    },

    endPauses,

    stopWaiting() {
      stopped = true;
      endPauses();
      share.stopWaiting();
    },

    async close() {
      if (closed) return;
      closed = true;
      pausing.abort(closedError());
      share.leave(closedError());
      notice.end(!refused);
      await (await connections?.catch(() => undefined))?.destroy();
    },
  };
}

function closedError(): VendorError {
  return new VendorError('unreachable', 'the connection was closed before the request was sent');
}

function headersFor(target: Target, vendor: Vendor, credential: string): Record<string, string> {
  if (!/^[\x20-\x7e\x80-\xff]+$/.test(credential)) {
    throw new DiagnosticError(
      error('credential', `the credential of target ${target.name} cannot be sent in an HTTP header`, {
        detail: 'It is empty or holds a line break or another character that a header cannot carry.',
      }),
    );
  }
  return {
    accept: 'application/json',
    'user-agent': USER_AGENT,
    [vendor.auth.header]: vendor.auth.prefix + credential,
  };
}

function limitsOf({ concurrency, timeoutMs, caFile }: Target): ConnectionLimits {
  return {
    connections: concurrency,
    connectMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    answerMs: timeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
    caFile,
  };
}

/** Loaded when the first request is sent, like the connections. */
async function requestFunction() {
  return (await import('undici/lib/api/api-request.js')).default;
}
