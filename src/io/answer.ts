import type { Json } from '../model/json.js';
import type { Answer, Vendor } from '../model/vendor.js';
import { VendorError, type VendorErrorCode } from '../model/vendor-error.js';

/** A vendor's reply as it came. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Text of a vendor made fit to be shown. */
export type Clean = (text: string) => string;

const MAX_MESSAGE_LENGTH = 300;

/** The answer a reply holds; throws `VendorError` for everything that is not a clear yes. */
export function toAnswer(reply: Reply, vendor: Vendor, operation: string, clean: Clean): Answer {
  const { status } = reply;
  if (status >= 300 && status < 400) {
    throw new VendorError('redirect', redirectMessage(reply, clean), { operation, status });
  }
  if (status < 200 || status >= 400) {
    const message = clean(vendor.errorMessage(parseLeniently(reply.text)) ?? '') || statusPhrase(status);
    throw new VendorError(codeForStatus(status), message, { operation, status });
  }
  const answer = { status, body: parse(reply, operation) };
  const failure = vendor.failure?.(answer);
  if (failure === undefined) return answer;
  const message = clean(failure) || 'the vendor answered that the request failed, and did not say why';
  throw new VendorError('refused', message, { operation, status });
}

/** Masks first and cuts last, so that no secret is cut in two and half of it shown. */
export function cleaner(mask: (text: string) => string): Clean {
  return (text) => {
    const plain = mask(text)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim();
    return plain.length > MAX_MESSAGE_LENGTH ? `${plain.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : plain;
  };
}

function parse(reply: Reply, operation: string): Json | undefined {
  const { status, text } = reply;
  if (text.trim() === '') return undefined;
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    throw new VendorError('not-json', notJsonMessage(reply), { operation, status });
  }
  if (isDeeperThan(MAX_DEPTH, body)) {
    const message = `answered with JSON that is nested more than ${MAX_DEPTH} levels deep`;
    throw new VendorError('unexpected', message, { operation, status });
  }
  return body;
}

/** No documented answer comes near it, and whoever walks through more of it runs out of stack. */
const MAX_DEPTH = 200;

function isDeeperThan(levels: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

function parseLeniently(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function notJsonMessage({ headers, text }: Reply): string {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    return 'answered with an HTML page instead of JSON: is baseUrl right, or is a login page or proxy in between?';
  }
  if (type.includes('json')) return 'answered with JSON that is broken or cut off: a proxy may be in between';
  return 'answered with text instead of JSON: is baseUrl right?';
}

/** Names the host alone: the rest of a location may carry a token. */
function redirectMessage({ headers }: Reply, clean: Clean): string {
  const location = headers.location;
  const host = typeof location === 'string' && URL.canParse(location) ? new URL(location).host : '';
  const where = host ? ` to ${clean(host)}` : '';
  return `answered with a redirect${where}, and redirects are not followed: is baseUrl right (https, host, path)?`;
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
