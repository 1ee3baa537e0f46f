import { LlmformError } from './llmform-error.js';

/** The kind of a failure between llmform and a vendor. */
export type VendorErrorCode =
  | 'unreachable' // no connection: DNS, refused, reset
  | 'tls'
  | 'protocol' // no HTTP, broken HTTP, or a fault of the transport that we do not know
  | 'timeout'
  | 'redirect'
  | 'not-json' // HTML or other text where JSON was due
  | 'unexpected' // JSON of another shape than documented
  | 'incomplete' // a listing whose pages or totals do not add up
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409
  | 'invalid' // 400, 422
  | 'rate-limited' // 429
  | 'server' // 5xx
  | 'refused' // any other answer that means no
  | 'not-a-read'; // a write was tried through the client that only reads

/** How the wait for a target ends, in words that follow its name: it was down, or did not show yet what was written. */
export function endOfWait(code: VendorErrorCode): { done: string; gaveUp: string } {
  return code === 'incomplete'
    ? { done: 'shows it now', gaveUp: 'does not show it: stopped waiting' }
    : { done: 'answers again', gaveUp: 'does not answer: gave up waiting' };
}

/** A fault of one request. The message holds no secret: vendor text is cut to documented members and masked. */
export class VendorError extends LlmformError {
  override readonly name = 'VendorError';
  readonly code: VendorErrorCode;
  /** The HTTP status, where there was one. */
  readonly status: number | undefined;
  /** False when the request certainly never left: nothing can have come of it. */
  readonly sent: boolean;
  /** Method and path, such as `PUT /v1/llms/42`. */
  readonly operation: string;

  constructor(
    code: VendorErrorCode,
    message: string,
    facts: { operation?: string; status?: number; sent?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.sent = facts.sent ?? true;
    this.operation = facts.operation ?? '';
  }

  /** The same fault in other words, or as another one; this one is its cause. */
  withMessage(message: string, code = this.code): VendorError {
    const { operation, status, sent } = this;
    return new VendorError(code, message, {
      operation,
      sent,
      cause: this,
      ...(status !== undefined && { status }),
    });
  }
}
