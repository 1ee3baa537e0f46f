import fc from 'fast-check';

/**
 * The seed of every property test. It is fixed, so that a red run is red again, and a green commit stays green;
 * `LLMFORM_FUZZ_SEED` picks another one.
 */
const seed = Number(process.env.LLMFORM_FUZZ_SEED ?? 20261121);

fc.configureGlobal({ seed });
