import { expect } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.js';
import { documentsOf } from './document.js';
import { openSandbox, type Sandbox, writesTo } from './sandbox.js';

const of = documentsOf('anam');
export const url = 'https://llm.example.com/v1/chat/completions';
export const other = 'https://other.example.com/v1/chat/completions';
export const base: JsonObject = {
  displayName: 'One',
  urls: [{ url }],
  llmFormat: 'openai',
  modelName: 'gpt-4o',
  secret: { fromEnv: 'SECRET' },
};
/** A manifest of an LLM, with some fields of one's own. */
export const llm = (more: JsonObject = {}, name = 'one') => of('LLM', name, { ...base, ...more });

export function open(options: Record<string, unknown> = {}): Promise<Sandbox> {
  return openSandbox({ targets: { here: { vendor: 'anam', options } } });
}

/** A sandbox in which these manifests are applied and nothing was sent since. */
export async function settled(
  options: Record<string, unknown>,
  ...manifests: JsonObject[]
): Promise<Sandbox> {
  const sandbox = await open(options);
  sandbox.declare(...manifests);
  expect((await sandbox.apply()).code).toBe(0);
  sandbox.emulator.requests.length = 0;
  return sandbox;
}

export function bodies(sandbox: Sandbox): (Json | undefined)[] {
  return writesTo(sandbox.emulator).map(({ body }) => body);
}
