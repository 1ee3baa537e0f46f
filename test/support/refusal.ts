import { expect } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { KEYS, type Project, writesTo } from './project.js';
import { parsed, type Tree } from './run-cli.js';

/**
 * Runs apply and plan on bad input: exit 1, no stack trace, no secret, nothing written, one JSON document where it
 * is asked for. Returns what apply said on the error stream and the findings of plan.
 */
export async function refusal(
  project: Project,
  emulators: readonly Emulator[],
  env: Record<string, string> = {},
  ...flags: string[]
): Promise<{ err: string; findings: Tree[] }> {
  const [apply, plan] = await Promise.all([
    project.runWith(env, 'apply', '--auto-approve', ...flags),
    project.runWith(env, 'plan', '--format', 'json', ...flags),
  ]);
  expect([apply.code, plan.code]).toEqual([1, 1]);
  const everything = apply.out + apply.err + plan.out + plan.err;
  expect(everything).not.toMatch(/^ +at |\[object |undefined/m);
  for (const secret of Object.values(KEYS)) expect(everything).not.toContain(secret);
  for (const emulator of emulators) expect(writesTo(emulator)).toEqual([]);
  await expect(project.read('.llmform/ledger.json')).rejects.toThrow(/ENOENT|ENOTDIR/);
  expect(plan.err).toBe('');
  return { err: apply.err, findings: Object.values(parsed(plan.out).diagnostics ?? {}) };
}
