/** Sequences of each vendor, by ledger, in every `npm test`. With a git ledger each run starts git a dozen times. */
export const SAMPLE = { file: 11, git: 2 };

/** The same in the soak lane, when it runs each property 500 times. */
export const SOAK = { file: 225, git: 25 };
