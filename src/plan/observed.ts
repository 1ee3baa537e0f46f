import type { Target } from '../model/project.js';
import type { Kind, Live } from '../model/vendor.js';

/** One kind of one target, completely listed. */
export interface Observed {
  target: Target;
  kind: Kind;
  live: Live[];
  /** Requests that listing cost: what reading it all again would cost. */
  cost: number;
}
