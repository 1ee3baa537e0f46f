import type { Client, Clock, Reader } from '../../model/ports.js';
import type { Target } from '../../model/project.js';
import type { Vendor } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';
import { systemClock } from '../process/clock.js';
import { describeOperation } from './network-error.js';
import type { Sanitize } from './parse-response.js';
import type { Variables } from './proxy.js';
import { createRequestPipeline, type RequestPipeline } from './request-pipeline.js';
import type { AnsweredRequest } from './transport.js';

export type { AnsweredRequest } from './transport.js';

export interface ConnectionSettings {
  /** Makes what vendors say fit to be shown. */
  clean: Sanitize;
  /** Default: the system's. */
  clock?: Clock;
  /** The variables that may name a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`); default: those of the process. */
  env?: Variables;
  /** Hears of every request that was sent, repeated ones included, once it is answered or lost. */
  onAnswer?: (answer: AnsweredRequest) => void;
  /**
   * Hears that requests wait long: for a target that is down, or for its limit. Returns what is told, at the end, whether
   * it answered.
   */
  onWait?: (fault: VendorError) => (answered: boolean) => void;
  /** Ends all waiting when it fires. Requests that can be sent at once still are. */
  stop?: AbortSignal;
  /** How long an outage may take, once the target has answered; default: 2 minutes. */
  patienceMs?: number;
}

/** The full client, for apply. Connects on the first request, not before. */
export function openClient(
  target: Target,
  vendor: Vendor,
  credential: string,
  settings: ConnectionSettings,
): Client {
  const pipeline = openPipeline(target, vendor, credential, settings);
  return {
    ...toReader(pipeline),
    write: ({ op, repeatable, method, path, body }) =>
      pipeline.request({ op, repeatable, method, path, body }),
  };
}

/** The client for planning: refuses every method but GET with `VendorError` `not-a-read`. */
export function openReader(
  target: Target,
  vendor: Vendor,
  credential: string,
  settings: ConnectionSettings,
): Reader {
  return toReader(openPipeline(target, vendor, credential, settings));
}

function openPipeline(target: Target, vendor: Vendor, credential: string, settings: ConnectionSettings) {
  const standard = { clock: systemClock, env: process.env };
  return createRequestPipeline(target, vendor, credential, { ...standard, ...settings });
}

function toReader({ request: ask, counts, close }: RequestPipeline): Reader {
  return {
    counts,
    close,
    async read({ method, path }) {
      assertRead(method, path);
      // The literal, not the caller's value: only a GET can ever be sent from here.
      return ask({ op: 'read', repeatable: true, method: 'GET', path });
    },
  };
}

/** Types cannot stop code that was not compiled with them, such as a plug-in. */
function assertRead(method: string, path: string): void {
  if (method === 'GET') return;
  throw new VendorError('not-a-read', `${method} is not a read: only GET may be sent to read`, {
    operation: describeOperation({ method, path }),
  });
}
