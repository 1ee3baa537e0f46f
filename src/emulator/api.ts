import { stringifyExact } from '../model/exact-json.js';
import type { Json, JsonObject } from '../model/json.js';
import type { FaultEffect } from './fault.js';
import type { Problem } from './shape.js';
import type { Store } from './store.js';

/** An answer, ready to be sent. */
export interface EmulatedReply {
  status: number;
  /** Absent: an empty body. */
  text?: string;
  /** Of the body; JSON unless told otherwise. */
  type?: string;
  headers?: Record<string, string>;
}

/** A request that passed every check that does not need the vendor. */
export interface EmulatedCall {
  /** The `:id` of the route's path; empty where it has none. */
  id: string;
  query: URLSearchParams;
  /** Empty where the route takes no body. */
  body: JsonObject;
  /** The fault of the listing. */
  effect: FaultEffect | undefined;
}

/** One documented operation. A request without a route is refused. */
export interface EmulatedRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** May hold one `:id`. */
  path: string;
  /** The kind of object it is about, for faults. */
  kind?: string;
  /** Needs no credential. */
  open?: true;
  /** A listing that comes in pages. */
  paged?: true;
  /** Tells whether a query parameter of this name is documented; without it none is. */
  query?: (name: string) => boolean;
  /** The shape of a body; without it the operation takes none. */
  body?: (body: JsonObject) => Problem[];
  run(call: EmulatedCall): EmulatedReply;
}

/** One vendor's API over its objects in memory. */
export interface EmulatedApi {
  /** By kind. */
  stores: Readonly<Record<string, Store>>;
  routes: readonly EmulatedRoute[];
  /** The header that carries the credential, in lower case, and what stands before it. */
  auth: { header: string; prefix: string };
  /** A refusal as this vendor words it. `sent` is the body, which some vendors echo. */
  refuse(status: number, message: string, facts?: { problems?: Problem[]; sent?: Json }): EmulatedReply;
  /** The status of a body that is not what the schema says. */
  invalid: 400 | 422;
  /** Answers before anything is looked at. */
  intercept?(path: string): EmulatedReply | undefined;
  /** Sent with every answer. */
  headers?: Record<string, string>;
}

/** The export `emulator` of a file in `vendors/`. */
export interface VendorEmulator<Options extends object = object> {
  /** The credential it accepts unless told otherwise. */
  credential: string;
  /** The switches at their defaults, made anew for each start. */
  options(): Options;
  /** A new, empty account. The switches may move at any time. */
  open(options: Options): EmulatedApi;
}

/** A `VendorEmulator` of any type of switches. */
export function vendorEmulator<Options extends object>(spec: VendorEmulator<Options>): VendorEmulator {
  return {
    credential: spec.credential,
    options: spec.options,
    // The registry forgets the type; what comes back is what `options` made, with known members replaced.
    open: (options) => spec.open(options as Options),
  };
}

export function jsonReply(status: number, value: Json): EmulatedReply {
  return { status, text: stringifyExact(value) };
}
