import { describe, expect, it } from 'vitest';
import { VendorError } from '../../../src/model/vendor-error.js';
import { toVendorError } from '../../../src/platform/http/network-error.js';
import type { RawResponse } from '../../../src/platform/http/parse-response.js';
import { NotSentError } from '../../../src/platform/http/rate-limit.js';
import {
  type Attempts,
  type Purpose,
  retryDelayMs,
  sendWithRetries,
} from '../../../src/platform/http/retry.js';

const ok: RawResponse = { status: 200, headers: {}, text: '{}' };
const busy: RawResponse = { status: 503, headers: {}, text: '' };

function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more });
}

function fault(cause: unknown): VendorError {
  const base = new URL('http://llm.example');
  const error = toVendorError(cause, { base, timeoutMs: 1000, allowedMs: 1000, operation: 'POST /' });
  expect(error).toBeInstanceOf(VendorError);
  return error as VendorError;
}

/** Gives these results one after the other, and says how many were asked for and what was waited between. */
function script(results: (RawResponse | Error)[], more: Partial<Attempts> = {}) {
  const seen = { sent: 0, waits: [] as number[] };
  const attempts: Attempts = {
    async send() {
      const result = results[Math.min(seen.sent, results.length - 1)];
      seen.sent += 1;
      if (result === undefined || result instanceof Error) throw result;
      return result;
    },
    pause: async (ms) => void seen.waits.push(ms),
    mayRepeatIn: () => true,
    ...more,
  };
  return { seen, attempts };
}

const PURPOSES = {
  GET: { op: 'read', repeatable: true },
  PUT: { op: 'update', repeatable: true },
  PATCH: { op: 'update', repeatable: true },
  POST: { op: 'create', repeatable: false },
} as const satisfies Record<string, Purpose>;

async function sentFor(method: keyof typeof PURPOSES, cause: unknown): Promise<number> {
  const { seen, attempts } = script([fault(cause)]);
  await expect(sendWithRetries(PURPOSES[method], attempts)).rejects.toBeInstanceOf(VendorError);
  return seen.sent;
}

describe('repeating', () => {
  it('waits as long as the vendor asks', async () => {
    const { seen, attempts } = script([
      { ...busy, status: 429, headers: { 'retry-after': '7', 'x-ratelimit-reset': '3' } },
      { ...busy, headers: { 'retry-after': '8' } },
      { ...busy, status: 429, headers: { 'x-ratelimit-reset': '2' } },
      ok,
    ]);
    expect(await sendWithRetries(PURPOSES.GET, attempts)).toBe(ok);
    expect(seen.waits).toEqual([7000, 8000, 2000]);
  });

  it('doubles the limit of its own waits, up to a cap', () => {
    expect([0, 1, 2, 10].map((retry) => retryDelayMs(retry, 1))).toEqual([200, 400, 800, 5000]);
    expect(retryDelayMs(5, 0)).toBe(0);
  });

  it('ends with the failure that it has where repeating makes no sense any more', async () => {
    const { seen, attempts } = script([busy, ok], { mayRepeatIn: () => false });
    expect(await sendWithRetries(PURPOSES.GET, attempts)).toBe(busy);
    expect(seen).toEqual({ sent: 1, waits: [] });
  });

  it.each<[string, Partial<Attempts>]>([
    ['a pause', { pause: () => Promise.reject(new NotSentError()) }],
    ['the wait for a turn', {}],
  ])('ends with the failure that it has when %s is cut short', async (_name, more) => {
    const lost = fault(systemError('ECONNRESET'));
    const { attempts } = script([lost, new NotSentError()], more);
    await expect(sendWithRetries(PURPOSES.PUT, attempts)).rejects.toBe(lost);
  });

  it('says that it was not sent when the first turn never came', async () => {
    const { attempts } = script([new NotSentError()]);
    await expect(sendWithRetries(PURPOSES.PUT, attempts)).rejects.toBeInstanceOf(NotSentError);
  });
});

describe('a connection that was never made', () => {
  const refused = systemError('ECONNREFUSED', { syscall: 'connect' });

  it.each([
    ['was refused', refused],
    ['was refused at every address', new AggregateError([refused, refused], '')],
    ['could not be routed', systemError('EHOSTUNREACH', { syscall: 'connect' })],
    ['waited for a name server', systemError('EAI_AGAIN', { syscall: 'getaddrinfo' })],
  ])('is tried again even for a POST when it %s', async (_name, cause) => {
    const error = cause instanceof AggregateError ? Object.assign(cause, { code: 'ECONNREFUSED' }) : cause;
    expect(await sentFor('POST', error)).toBe(4);
  });

  it('is tried once more when it timed out, but not for a read', async () => {
    const timeout = systemError('UND_ERR_CONNECT_TIMEOUT');
    expect(await sentFor('POST', timeout)).toBe(2);
    expect(await sentFor('PATCH', timeout)).toBe(2);
    expect(await sentFor('GET', timeout)).toBe(1);
  });

  it.each(['GET', 'POST', 'PUT'] as const)(
    'is not tried again for a %s when the name does not exist',
    async (method) => {
      expect(await sentFor(method, systemError('ENOTFOUND', { syscall: 'getaddrinfo' }))).toBe(1);
    },
  );
});

describe('a connection that was made', () => {
  it.each([
    ['broke', systemError('ECONNRESET', { syscall: 'read' })],
    ['broke while sending', systemError('EPIPE', { syscall: 'write' })],
    ['was cut off from the network', systemError('EHOSTUNREACH', { syscall: 'read' })],
    ['went silent', systemError('ETIMEDOUT', { syscall: 'read' })],
    ['was closed by the other side', systemError('UND_ERR_SOCKET')],
    ['gave no answer in time', systemError('UND_ERR_HEADERS_TIMEOUT')],
    [
      'broke at one of its addresses',
      Object.assign(new AggregateError([systemError('ECONNRESET', { syscall: 'read' })]), {
        code: 'ECONNRESET',
      }),
    ],
  ])('is never tried again for a POST when it %s', async (_name, cause) => {
    expect(await sentFor('POST', cause)).toBe(1);
  });
});
