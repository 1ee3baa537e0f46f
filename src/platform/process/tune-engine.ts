import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from optimizing what will not run long enough to be worth it. It changes the whole process, so only programs of
 * ours call it, before their first request: a library must leave its host alone.
 *
 * - WebAssembly not at all. undici parses HTTP with it, and optimizing that parser takes 80 ms, which a program with a few
 *   requests to read would wait for at its end.
 * - JavaScript after three times the usual use. Most of what is optimized for a plan of a thousand objects comes too late
 *   for it: a seventh of its CPU time. Later versions than that of Node 20 have a compiler for this, and not the flag.
 */
export function tuneEngine(): void {
  setFlagsFromString('--liftoff-only');
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=200000');
}
