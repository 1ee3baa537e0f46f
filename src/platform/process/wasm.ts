import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from optimizing WebAssembly. undici parses HTTP with it, and optimizing that parser takes 80 ms, which a
 * program with a few requests to read would wait for at its end. It changes the whole process, so only programs of
 * ours call it, before their first request: a library must leave its host alone.
 */
export function skipWasmOptimization(): void {
  setFlagsFromString('--liftoff-only');
}
