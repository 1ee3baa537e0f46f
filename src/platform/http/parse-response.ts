import { isUnsafe, parseExact } from '../../model/exact-json.js';
import type { Json } from '../../model/json.js';
import type { Answer, Vendor } from '../../model/vendor.js';
import { VendorError, type VendorErrorCode } from '../../model/vendor-error.js';

/** A vendor's reply as it came. */
export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/**
 * Text of others made fit to be shown: on one line, and without anything that may be a secret. Of an `id`, which looks
 * random by nature, nothing is left where it has something in common with a secret, and else all. `said` is what the text
 * answers, and may quote.
 */
export type Sanitize = (text: string, kind?: 'words' | 'id', said?: () => string) => string;

/** The answer a reply holds; throws `VendorError` for everything that is not a clear yes. */
export function parseResponse(
  reply: RawResponse,
  vendor: Vendor,
  operation: string,
  clean: Sanitize,
): Answer {
  const { status } = reply;
  if (status >= 300 && status < 400) {
    throw new VendorError('redirect', redirectMessage(reply, clean), { operation, status });
  }
  if (status < 200 || status >= 400) {
    const words = clean(vendor.errorMessage(parseLeniently(reply.text)) ?? '');
    const message = inFull(statusPhrase(status), words, reply, clean);
    throw new VendorError(codeForStatus(status), message, { operation, status });
  }
  const answer = { status, body: parse(reply, operation) };
  const failure = vendor.failure?.(answer);
  if (failure === undefined) return answer;
  const words = clean(failure);
  const ours = `the vendor answered that the request failed (HTTP ${status})`;
  const message = inFull(words === '' ? `${ours}, and did not say why` : ours, words, reply, clean);
  throw new VendorError('refused', message, { operation, status });
}

/** Our own sentence first, then what is left of the vendor's, and the id that its support asks for. */
function inFull(ours: string, words: string, { headers }: RawResponse, clean: Sanitize): string {
  const id = requestId(headers, clean);
  const said = words === '' ? ours : `${ours}: ${words}`;
  return id === undefined ? said : `${said} [request ${id}]`;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'x-correlation-id', 'x-amzn-requestid', 'cf-ray'];

function requestId(headers: RawResponse['headers'], clean: Sanitize): string | undefined {
  const found = REQUEST_ID_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
  if (typeof found !== 'string' || !/^[\w.:=/+-]{1,64}$/.test(found)) return undefined;
  return clean(found, 'id') || undefined;
}

function parse(reply: RawResponse, operation: string): Json | undefined {
  const { status, text } = reply;
  if (text.trim() === '') return undefined;
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    throw new VendorError('not-json', notJsonMessage(reply), { operation, status });
  }
  const numbers = { unsafe: false };
  const oddity = oddityOf(body, MAX_DEPTH, numbers);
  if (oddity !== undefined) {
    throw new VendorError('unexpected', `answered with JSON that ${oddity}`, { operation, status });
  }
  return numbers.unsafe ? parseExact(text) : body;
}

/** No documented answer comes near it, and walking through a deeper one would overflow the stack. */
const MAX_DEPTH = 200;

/**
 * What JavaScript reads without a word and cannot hold: `1e999` becomes infinite, and would be sent back as null. Notes on
 * the way, so that answers are walked through only once, whether there is an integer that it has changed.
 */
function oddityOf(value: Json, levels: number, numbers: { unsafe: boolean }): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 'holds a number that is too large';
    numbers.unsafe ||= isUnsafe(value);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return `is nested more than ${MAX_DEPTH} levels deep`;
  for (const member of Object.values(value)) {
    const oddity = oddityOf(member, levels - 1, numbers);
    if (oddity !== undefined) return oddity;
  }
  return undefined;
}

function parseLeniently(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function notJsonMessage({ headers, text }: RawResponse): string {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    return 'answered with an HTML page instead of JSON; check baseUrl, and for a login page or proxy in between';
  }
  if (type.includes('json')) return 'answered with JSON that is broken or cut off: a proxy may be in between';
  return 'answered with text instead of JSON; check baseUrl';
}

/** Names the host alone: the rest of a location may carry a token. */
function redirectMessage({ headers }: RawResponse, clean: Sanitize): string {
  const location = headers.location;
  const host = typeof location === 'string' && URL.canParse(location) ? new URL(location).host : '';
  const where = host ? ` to ${clean(host)}` : '';
  return `answered with a redirect${where}, and redirects are not followed; check baseUrl (https, host, path)`;
}

function codeForStatus(status: number): VendorErrorCode {
  if (status >= 500) return 'server';
  return CODES[status] ?? 'refused';
}

const CODES: Readonly<Record<number, VendorErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  // Like any timeout, it leaves open whether the request was carried out.
  408: 'timeout',
  409: 'conflict',
  422: 'invalid',
  429: 'rate-limited',
};

const PHRASES: Readonly<Record<number, string>> = {
  400: 'the vendor found the request invalid',
  401: 'the vendor refused the credential',
  403: 'the credential does not allow this',
  404: 'not found',
  408: 'the vendor waited too long for the request',
  409: 'in conflict with what the vendor has',
  422: 'the vendor found the request invalid',
  429: 'too many requests',
};

function statusPhrase(status: number): string {
  const phrase = PHRASES[status] ?? (status >= 500 ? 'the vendor failed' : 'the vendor refused');
  return `${phrase} (HTTP ${status})`;
}
