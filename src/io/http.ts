import type { Target } from '../model/project.js';
import type { Answer, Read, Vendor, WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import type { Clean } from './answer.js';
import { type Clock, systemClock } from './clock.js';
import { type Exchange, openExchange } from './exchange.js';
import { operationOf } from './fault.js';
import type { Answered } from './transport.js';

export type { Answered } from './transport.js';

/** Speaks to one target, within its budget. Every method throws `VendorError`. */
export interface Client {
  /** Repeats what may be repeated: lost connections, 408, 425, 429 and most of 5xx. */
  read: Read;
  /**
   * Repeats what is repeatable like a read, and once after a timeout; anything else only when the vendor certainly did
   * nothing. A removal that was repeated may answer `not-found` because the first one was carried out.
   */
  write(request: WriteRequest): Promise<Answer>;
  /** Every request sent so far, repeated ones included. */
  counts: { read: number; write: number };
  /** Ends the connections. What is still waiting is not sent any more. */
  close(): Promise<void>;
}

export interface ConnectionSettings {
  /** Makes what vendors say fit to be shown. */
  clean: Clean;
  /** Default: the system's. */
  clock?: Clock;
  /** Hears of every request that was sent, repeated ones included, once it is answered or lost. */
  onAnswer?: (answer: Answered) => void;
}

/** What planning gets: there is no way to reach a write through it. */
export type Reader = Pick<Client, 'read' | 'counts' | 'close'>;

/** The full client, for apply. Connects on the first request, not before. */
export function openClient(
  target: Target,
  vendor: Vendor,
  credential: string,
  settings: ConnectionSettings,
): Client {
  const exchange = openExchange(target, vendor, credential, { clock: systemClock, ...settings });
  return {
    ...reading(exchange),
    write: ({ op, repeatable, method, path, body }) => exchange.ask({ op, repeatable, method, path, body }),
  };
}

/** The client for planning: refuses every method but GET with `VendorError` `not-a-read`. */
export function openReader(
  target: Target,
  vendor: Vendor,
  credential: string,
  settings: ConnectionSettings,
): Reader {
  return reading(openExchange(target, vendor, credential, { clock: systemClock, ...settings }));
}

function reading({ ask, counts, close }: Exchange): Reader {
  return {
    counts,
    close,
    async read({ method, path }) {
      refuseWrites(method, path);
      // The literal, not the caller's value: what is sent here is a GET, whatever was passed in.
      return ask({ op: 'read', repeatable: true, method: 'GET', path });
    },
  };
}

/** Types cannot stop code that was not compiled with them, such as a plug-in. */
function refuseWrites(method: string, path: string): void {
  if (method === 'GET') return;
  throw new VendorError('not-a-read', `${method} is not a read: only GET may be sent to read`, {
    operation: operationOf({ method, path }),
  });
}
