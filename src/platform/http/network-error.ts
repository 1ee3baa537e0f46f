import { DiagnosticError } from '../../model/diagnostic.js';
import { VendorError, type VendorErrorCode } from '../../model/vendor-error.js';
import type { HttpProxy } from './proxy.js';

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'proxy-down',
]);
/** Only making a connection ends like this. A name that cannot be looked up just now is among them. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'proxy-down',
  'proxy-slow',
]);
const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_ABORTED']);

const PROXY_FAULTS: ReadonlyMap<string, VendorErrorCode> = new Map([
  ['proxy-down', 'unreachable'],
  ['proxy-refused', 'unreachable'],
  ['proxy-slow', 'timeout'],
  ['proxy-tls', 'tls'],
  ['proxy-protocol', 'protocol'],
]);

/** The destination of a request, for the message. */
export interface Destination {
  base: URL;
  /** The proxy on the way to it. */
  proxy?: HttpProxy | undefined;
  /** The target's `timeout`. */
  timeoutMs: number;
  /** The part of it that this try was given; less, when it was the last one before the request's deadline. */
  allowedMs: number;
  operation: string;
}

/** Method and path. The query is left out: it may carry what should not be shown. */
export function describeOperation({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.split('?', 1)[0]}`;
}

/**
 * A failure below HTTP in words: what happened, with which host, and what to do. Every error of the transport is a fault of
 * the target, also one that we do not know: only a mistake in the user's own files passes as it is.
 */
export function toVendorError(error: unknown, destination: Destination): VendorError | DiagnosticError {
  const { base, proxy, operation } = destination;
  if (error instanceof DiagnosticError) return error;
  if (error instanceof VendorError)
    return new VendorError(error.code, error.message, { operation, cause: error });
  const code = codeOf(error);
  const server = `${base.hostname}:${base.port || (base.protocol === 'http:' ? '80' : '443')}`;
  const place = proxy === undefined ? server : `${server} through the proxy ${proxy.place}`;
  const fault = (name: VendorErrorCode, message: string) =>
    new VendorError(name, message, { operation, cause: error });

  const ofProxy = PROXY_FAULTS.get(code);
  if (ofProxy !== undefined && error instanceof Error) return fault(ofProxy, error.message);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return fault('timeout', `no connection to ${place} in time; check that the host is up and the port open`);
  }
  if (TIMEOUTS.has(code) || (error instanceof Error && error.name === 'TimeoutError')) {
    return fault('timeout', `no complete answer from ${place} ${limitOf(destination)}`);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return fault('unexpected', `the answer of ${place} is larger than 64 MiB`);
  }
  const tls = tlsMessage(code, place, proxy);
  if (tls !== undefined) return fault('tls', tls);
  if (code === 'ENOTFOUND') {
    return fault('unreachable', `cannot resolve host ${base.hostname}; check baseUrl`);
  }
  if (code === 'ECONNREFUSED') {
    return fault('unreachable', `${place} refused the connection; check baseUrl, and that the service runs`);
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') {
    return fault('unreachable', `the connection to ${place} was lost: the other side closed it`);
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    const message = `the answer of ${place} is shorter or longer than it says: it was cut off, or a proxy is in between`;
    return fault('unreachable', message);
  }
  if (LOST.has(code)) return fault('unreachable', `the connection to ${place} was lost (${code})`);
  const broken = brokenHttp(error, place);
  if (broken !== undefined) return fault('protocol', broken);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return fault('protocol', `the headers of the answer of ${place} are larger than 16 KiB`);
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return fault('unreachable', 'the connection was closed before the answer came');
  }
  const known = code === '' ? '' : ` (${code})`;
  return fault('protocol', `the request to ${place} failed for an unknown reason${known}`);
}

/**
 * What undici's parser stumbled over; undefined for any other error. An answer that does not begin like HTTP is another
 * protocol. HTTPParserError has no `code` where the WebAssembly parser tells no number, and a status of three digits
 * below 100 passes that parser and fails an assertion (both seen with 7.30), which quotes no source in the bundle.
 */
function brokenHttp(error: unknown, place: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const broken = `${place} answered with broken HTTP`;
  if (codeOf(error) === 'ERR_ASSERTION')
    return `${broken} (such as a status below 100): a proxy may be in between`;
  if (name !== 'HTTPParserError') return undefined;
  if (message.includes('Expected HTTP/'))
    return `${place} does not speak HTTP; check baseUrl (host, port, https or http)`;
  const what = STATUS_LINE.test(message) ? ' (the status line is not valid)' : '';
  return `${broken}${what}: a proxy may be in between`;
}

/** How undici's parser says that the line is at fault, and not what follows it. */
const STATUS_LINE = /status|HTTP version|after version/i;

/** Tells whether a retry may help. It does not for a host name that does not resolve. */
export function isConnectionLost(error: VendorError): boolean {
  if (error.code === 'protocol') return true;
  return error.code === 'unreachable' && LOST.has(codeOf(error.cause));
}

/** Tells whether there was no connection at all, so that nothing can have been sent. */
export function neverConnected({ code, cause }: VendorError): boolean {
  if (code !== 'unreachable' && code !== 'timeout') return false;
  if (NEVER_CONNECTED.has(codeOf(cause))) return true;
  // One error for each address that was tried, where a host has several.
  const tries: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return (
    tries.length > 0 &&
    tries.every((error) => error instanceof Error && 'syscall' in error && error.syscall === 'connect')
  );
}

function limitOf({ timeoutMs, allowedMs }: Destination): string {
  if (allowedMs >= timeoutMs) return `within ${timeoutMs / 1000} s (the target's \`timeout\`)`;
  return "before the time for the request and its repetitions was over (set by the target's `timeout`)";
}

function tlsMessage(code: string, place: string, proxy: HttpProxy | undefined): string | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${place} has expired: it must be renewed there`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${place} is not valid yet; check this machine's clock`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${place} is for another host name; check baseUrl`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${place} does not speak TLS; ${proxy === undefined ? '' : 'the proxy may have answered itself, or '}baseUrl may have to begin with http://`;
  }
  if (/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED/.test(code)) {
    return `the certificate of ${place} is not signed by an authority that is trusted here: for a private one, set the target's \`caFile\` to its PEM file, or NODE_EXTRA_CA_CERTS for all targets`;
  }
  return /^(CERT_|ERR_SSL_|ERR_TLS_)/.test(code) ? `no secure connection to ${place} (${code})` : undefined;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
