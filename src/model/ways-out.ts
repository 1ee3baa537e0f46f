import type { Diagnostic } from './diagnostic.js';
import type { Permission } from './permission.js';

/** Diagnostics whose detail ends with the way to give the permission that they need, in a door's own words. */
export function withWaysOut(
  diagnostics: readonly Diagnostic[],
  wayOut: (permission: Permission) => string,
): Diagnostic[] {
  return diagnostics.map(({ needs, ...diagnostic }) => {
    if (needs === undefined) return diagnostic;
    const { detail } = diagnostic;
    return { ...diagnostic, detail: `${detail === undefined ? '' : `${detail} `}${wayOut(needs)}` };
  });
}
