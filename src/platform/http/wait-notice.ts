import { VendorError } from '../../model/vendor-error.js';

/** Shorter waits are not worth a word. */
export const LONG_WAIT_MS = 3_000;

/** Hears that a wait begins. Returns what is told, at its end, whether the target answered. */
export type OnWait = (fault: VendorError) => (answered: boolean) => void;

/** Says once that one connection waits, however many of its requests do. */
export interface WaitNotice {
  /** Says it, unless it is said already. */
  begin(fault: VendorError): void;
  end(answered: boolean): void;
}

export function createWaitNotice(onWait: OnWait | undefined): WaitNotice {
  let told: ((answered: boolean) => void) | undefined;
  return {
    begin(fault) {
      told ??= onWait?.(fault);
    },
    end(answered) {
      const tell = told;
      told = undefined;
      tell?.(answered);
    },
  };
}

/** The wait that a vendor asks for, as the reason that is said. */
export function askedToWait(ms: number): VendorError {
  return new VendorError('rate-limited', `the vendor asks to wait ${Math.ceil(ms / 1000)} s`);
}

/** The wait for a rate that was lowered after a 429. */
export function slowedDown(): VendorError {
  return new VendorError('rate-limited', 'too many requests (HTTP 429): fewer are sent for a while');
}
