import type { Target } from './project.js';
import type { Kind, Live } from './vendor.js';

/** One kind of one target, completely listed. */
export interface Observed {
  target: Target;
  kind: Kind;
  /** All objects, those confirmed by reading single ones included. */
  live: Live[];
  /** Requests that listing cost: what reading it all again would cost. */
  cost: number;
}
