import type { Emulator, Fault } from '../../src/emulator/index.js';

/**
 * Makes the next create succeed at the vendor without anybody here hearing of it: its answer is lost, and so is every
 * look at what became of it, as if the power had gone. The ledger is left with the intent alone.
 */
export function crashAfterCreate(emulator: Emulator): void {
  const seen = emulator.requests.length;
  const hasCreated = () => emulator.requests.slice(seen).some(({ method }) => method === 'POST');
  const blind: Fault = {
    match: { method: 'GET' },
    get effect() {
      return hasCreated() ? ({ type: 'status', status: 500 } as const) : ({ type: 'slow', ms: 0 } as const);
    },
  };
  emulator.faults.push(
    { match: { method: 'POST' }, times: 1, effect: { type: 'reset', when: 'after' } },
    blind,
  );
}
