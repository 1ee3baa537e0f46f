import type { FaultEffect } from '../../src/emulator/index.js';
import type { Spoil } from './proxy.js';
import { WIRE_FAULTS, type WireFaultCase } from './wire-faults.js';

/** One column of the matrix: one way for a request to go wrong. */
export interface FaultCase {
  name: string;
  /** What the vendor does, or what becomes of the connection, or what somebody else does to the object. */
  strike:
    | { by: 'vendor'; effect: FaultEffect }
    /** A 422 whose body repeats everything that is secret. */
    | { by: 'vendor'; echoes: true }
    | { by: 'network'; does: 'refuse' }
    /** Something becomes of the bytes of the reply; where it is swallowed, the vendor never hears of the request. */
    | { by: 'network'; does: 'spoil'; spoil: Spoil; swallowed?: true }
    | { by: 'somebody'; does: 'vanish' | 'change' };
  /** It passes: only the first request is hit. */
  once?: true;
  /** The vendor does its work all the same. */
  worked?: true;
  /** The answer does not come in time. */
  late?: true;
  /** Nothing is wrong, only slow. */
  harmless?: true;
  /** The answer has a body that something happens to. */
  body?: true;
  /** It concerns a listing in pages. */
  pages?: true;
  /** What the user has to read when the request failed. */
  says: RegExp;
}

/** Asks for no wait: how long to wait is tested where it is decided. */
const noWait = { 'retry-after': '0', 'x-ratelimit-reset': '0' };

const LOST = /connection to \S+ was lost/;
const LATE = /no complete answer from/;

export const FAULTS: readonly FaultCase[] = [
  { name: 'refused connection', strike: { by: 'network', does: 'refuse' }, says: /refused the connection/ },
  vendor('reset before processing', { type: 'reset', when: 'before' }, LOST),
  vendor('reset after processing', { type: 'reset', when: 'after' }, LOST, { once: true, worked: true }),
  vendor('reset within the answer', { type: 'reset', when: 'during' }, LOST, {
    once: true,
    worked: true,
    body: true,
  }),
  vendor('timeout', { type: 'hang' }, LATE, { late: true }),
  vendor('timeout after processing', { type: 'hang', applied: true }, LATE, {
    once: true,
    worked: true,
    late: true,
  }),
  vendor('slow answer', { type: 'slow', ms: 50 }, LATE, { harmless: true }),
  vendor('truncated JSON', { type: 'truncate' }, /broken or cut off/, { worked: true, body: true }),
  vendor('HTML', { type: 'html' }, /an HTML page instead of JSON/),
  vendor('empty body', { type: 'empty' }, /expected a JSON object, got nothing/, {
    worked: true,
    body: true,
  }),
  status(400, /found the request invalid/),
  status(401, /refused the credential/),
  status(403, /credential does not allow/),
  status(404, /not found|is gone|was not there/),
  status(409, /in conflict/),
  {
    name: '422 that echoes secrets',
    strike: { by: 'vendor', echoes: true },
    says: /bad value \(sensitive\)/,
  },
  vendor('429 once', { type: 'status', status: 429, headers: noWait }, /too many requests/, { once: true }),
  vendor('429 for ever', { type: 'status', status: 429, headers: noWait }, /too many requests/),
  status(500, /the vendor failed/),
  vendor('500 after processing', { type: 'status', status: 500, applied: true }, /the vendor failed/, {
    once: true,
    worked: true,
  }),
  vendor(
    '503 once, Retry-After',
    { type: 'status', status: 503, headers: { 'retry-after': '1' } },
    /the vendor failed/,
    { once: true },
  ),
  vendor('page missing', { type: 'missing-page' }, /does not add up/, { pages: true }),
  vendor('total that lies', { type: 'wrong-total' }, /does not add up/, { pages: true }),
  vendor('duplicates across pages', { type: 'duplicate-page' }, /does not add up/, { pages: true }),
  {
    name: 'object vanishes',
    strike: { by: 'somebody', does: 'vanish' },
    says: /is gone|not found|was not there|not the plan that was reviewed/,
  },
  {
    name: 'object changes',
    strike: { by: 'somebody', does: 'change' },
    says: /changed since|not kept|not the plan that was reviewed/,
  },
  ...WIRE_FAULTS.flatMap(onTheWire),
];

/** A reply that cannot be read comes once, after the vendor did its work, or for ever, from something that is no vendor. */
function onTheWire({ name, kind, spoil, body, says }: WireFaultCase): FaultCase[] {
  const strike = { by: 'network', does: 'spoil', spoil } as const;
  const common = { name, strike, says, ...(body && { body }) };
  switch (kind) {
    case 'broken':
      return [
        { ...common, name: `${name}, once`, once: true, worked: true },
        {
          ...common,
          name: `${name}, for ever`,
          strike: { ...strike, ...(!body && { swallowed: true }) },
          ...(body && { worked: true }),
        },
      ];
    case 'wrong':
      return [{ ...common, worked: true }];
    case 'late':
      return [{ ...common, once: true, worked: true, late: true }];
    case 'harmless':
      return [{ ...common, harmless: true }];
  }
}

function vendor(name: string, effect: FaultEffect, says: RegExp, more: Partial<FaultCase> = {}): FaultCase {
  return { name, strike: { by: 'vendor', effect }, says, ...more };
}

function status(code: number, says: RegExp): FaultCase {
  return vendor(String(code), { type: 'status', status: code }, says);
}
