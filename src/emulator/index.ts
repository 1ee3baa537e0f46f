import { parseExact } from '../model/exact-json.js';
import { isObject, type JsonObject } from '../model/json.js';
import type { Fault } from './fault.js';
import { emulators } from './index.generated.js';
import { sharedOptions } from './rewrite-text.js';
import { type RecordedRequest, startEmulatorServer } from './server.js';
import type { Lag, Store } from './store.js';

export type { Fault, FaultEffect } from './fault.js';
export type { RecordedRequest } from './server.js';
export type { Lag } from './store.js';

/** A running emulator of one vendor: one account, held in memory. */
export interface Emulator<Options extends object = Record<string, unknown>> {
  vendor: string;
  /** Without a trailing slash. */
  url: string;
  /** The one credential it accepts. */
  credential: string;
  /** Everything that came in, oldest first. Set its length to 0 to start counting anew. */
  requests: RecordedRequest[];
  /** The account's objects as the vendor would return them, oldest first; what every account has is left out. */
  objects(kind: string): JsonObject[];
  /** The stored values of an object's write-only fields. */
  secrets(kind: string, id: string): JsonObject;
  /**
   * Changes something behind our back. With the id of an existing object the given fields are overwritten, else
   * an object is made of them and of defaults. Nothing is checked. Returns the id.
   */
  put(kind: string, body: JsonObject): string;
  /** Deletes an object behind our back. */
  drop(kind: string, id: string): void;
  /** For how long reads do not show yet what was written, of all kinds; at first not at all. May be set at any time. */
  lag: Lag;
  /** Push to it what is to go wrong; a fault that is spent is gone from it. */
  faults: Fault[];
  /** The vendor's switches; each may be set at any time. */
  options: Options;
  close(): Promise<void>;
}

export interface EmulatorSettings<Options extends object = Record<string, unknown>> {
  /** Default: any free port. */
  port?: number;
  /** The credential to accept instead of the usual one. */
  credential?: string;
  /** Time that passes before each request is looked at. */
  latencyMs?: number;
  /** For how long reads do not show yet what was written; default: not at all. */
  lag?: Partial<Lag>;
  /** Milliseconds of the clock that the lag goes by; default: the system's. */
  now?: () => number;
  /** The vendor's switches that differ from their defaults. */
  options?: Partial<Options>;
  /** PEM texts; with them the emulator speaks https. */
  tls?: { key: string; cert: string };
}

/** The vendors that have an emulator. */
export const emulatedVendors: readonly string[] = Object.keys(emulators).sort();

/**
 * Starts the emulator of a vendor on loopback, with an empty account.
 * @throws Error for an unknown vendor or switch, and where the port is taken.
 */
export async function startEmulator<Options extends object = Record<string, unknown>>(
  vendor: string,
  settings: EmulatorSettings<Options> = {},
): Promise<Emulator<Options>> {
  const emulator = Object.hasOwn(emulators, vendor) ? emulators[vendor] : undefined;
  if (!emulator) {
    throw new Error(`There is no emulator of "${vendor}"; there is one of ${emulatedVendors.join(', ')}.`);
  }
  const defaults = { ...emulator.options(), ...sharedOptions() };
  const options = Object.seal(withSwitches(vendor, defaults, settings.options ?? {}));
  const api = emulator.open(options);
  const requests: RecordedRequest[] = [];
  const faults: Fault[] = [];
  const { port = 0, credential = emulator.credential, latencyMs = 0, tls } = settings;
  const { now = () => performance.now() } = settings;
  const lag: Lag = { creates: 0, updates: 0, deletes: 0, ...settings.lag };
  for (const store of Object.values(api.stores)) {
    store.lagBy((what) => (lag[what] > 0 ? now() + lag[what] : undefined));
  }
  const server = await startEmulatorServer(
    api,
    { port, credential, latencyMs, options, now, ...(tls ? { tls } : {}) },
    { requests, faults },
  );

  function storeOf(kind: string): Store {
    const store = Object.hasOwn(api.stores, kind) ? api.stores[kind] : undefined;
    if (!store) throw new Error(`The emulator of ${vendor} has no kind "${kind}".`);
    return store;
  }

  return {
    vendor,
    url: server.url,
    credential,
    requests,
    objects(kind) {
      const store = storeOf(kind);
      return store
        .all()
        .filter((stored) => !stored.builtIn)
        .map((stored) => parseExact(store.text(stored)))
        .filter(isObject);
    },
    secrets: (kind, id) => structuredClone(storeOf(kind).get(id)?.hidden ?? {}),
    put: (kind, body) => storeOf(kind).put(structuredClone(body)),
    drop: (kind, id) => void storeOf(kind).remove(id),
    lag,
    faults,
    // The generic parameter is the caller's word for the vendor named by `vendor`.
    options: options as object as Options,
    close: server.close,
  };
}

/** The defaults with some of them replaced. A misspelt switch would silently test nothing, so it is refused. */
function withSwitches<Options extends object>(vendor: string, defaults: Options, given: object): Options {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name));
  if (unknown !== undefined) throw new Error(`The emulator of ${vendor} has no switch "${unknown}".`);
  return Object.assign(defaults, given);
}
