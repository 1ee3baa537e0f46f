import type { Cell } from './cells.js';

export interface Expectation {
  exit: 0 | 1 | 3 | 4;
  /** The user is told what went wrong, which is not the same as a failure: see reading back. */
  told: boolean;
}

/** How a run has to end whose one request is struck, by the rules that users rely on. */
export function expected(cell: Cell): Expectation {
  const { operation, fault } = cell;
  if (fault.strike.by === 'somebody') return whenMoved(cell, fault.strike.does);
  if (overcome(cell)) return { exit: 0, told: false };
  switch (operation.name) {
    // Nothing was sent that could write.
    case 'list':
      return { exit: 1, told: true };
    default:
      return { exit: 3, told: true };
  }
}

/** Whether the request comes to a good end without anybody's doing. */
function overcome({ subject, operation, fault }: Cell): boolean {
  if (fault.harmless) return true;
  const limited = fault.name.startsWith('429');
  switch (operation.method(subject.kind)) {
    // Repeated, except after a timeout: the user set the limit for how long to wait.
    case 'GET':
      return fault.once === true && !fault.late;
    // Never repeated blindly: what was carried out is found by looking, and only a 429 certainly was not.
    case 'POST':
      return fault.worked === true || (limited && fault.once === true);
    // Repeated, since twice gives the same as once. What to make of an answer without a body, the status says.
    default:
      return fault.once === true || fault.name === 'empty body';
  }
}

/** Somebody else moves the object: before a saved plan is applied, before it is read again, or right at a write. */
function whenMoved({ subject, operation }: Cell, does: 'vanish' | 'change'): Expectation {
  switch (operation.name) {
    case 'list':
      return { exit: 4, told: true };
    case 'delete':
      return does === 'vanish' ? { exit: 0, told: false } : { exit: 3, told: true };
    case 'update':
      // A new version stands in for the old one, whatever became of that.
      return operation.method(subject.kind) === 'POST' ? { exit: 0, told: false } : { exit: 3, told: true };
    default:
      return { exit: 3, told: true };
  }
}
