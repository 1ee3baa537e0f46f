import { expect } from 'vitest';
import { leaksIn } from '../support/leaks.js';
import { mistakeIn } from '../support/summaries.js';
import { CREDENTIAL, type Run } from './broken-vendor.js';

/** What a terminal acts upon, but for line breaks and tabs. */
export const ESCAPES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
export const STACK = /^\s+at .*(?::\d+:\d+|\(native\)|<anonymous>)/m;
export const OURS = /a bug in llmform|\[internal\]|"internal"/;

/** Whatever came over the wire: no stack trace, no fault of ours, no escape, no secret, and not without end. */
export function expectCalm(
  { out, err, code }: Pick<Run, 'out' | 'err' | 'code'>,
  secrets: readonly string[] = [],
): void {
  const said = out + err;
  expect(said.match(OURS)?.[0] ?? '', said.slice(0, 2000)).toBe('');
  expect(said.match(STACK)?.[0] ?? '').toBe('');
  expect(said.match(ESCAPES)?.[0] ?? '').toBe('');
  expect(leaksIn(new Map([['output', said]]), [...secrets, CREDENTIAL])).toEqual([]);
  expect([0, 1, 2, 3, 4]).toContain(code);
  expect(said.length).toBeLessThan(40_000);
  expect(wrongSummariesIn(out)).toEqual([]);
}

/** The summaries of a document on stdout that do not follow the grammar of all others. */
export function wrongSummariesIn(out: string): string[] {
  return diagnosticsIn(out)
    .filter(({ code, summary }) => mistakeIn(isVendors(code) ? `${summary} …` : summary) !== undefined)
    .map(({ summary }) => summary);
}

/** Those end with what the vendor said, stop included. */
function isVendors(code: string): boolean {
  return code === 'vendor' || code === 'credential';
}

function diagnosticsIn(out: string): { code: string; summary: string }[] {
  if (!out.startsWith('{')) return [];
  return JSON.parse(out).diagnostics ?? [];
}
