import { afterEach } from 'vitest';
import { type Emulator, type EmulatorSettings, startEmulator } from '../../src/emulator/index.js';
import type { Json } from '../../src/model/json.js';

const running: Emulator<object>[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** A parsed answer of any shape: tests name the members that they expect. */
export interface Tree {
  [member: string]: Tree;
}

export interface Answer {
  status: number;
  text: string;
  /** Empty where the text is not JSON. */
  body: Tree;
  headers: Headers;
}

/** The values of a member across the items of a list. */
export function each(list: Tree | undefined, member: string): unknown[] {
  return Object.values(list ?? {}).map((item) => item[member]);
}

const headerOf: Record<string, (credential: string) => Record<string, string>> = {
  liveavatar: (credential) => ({ 'x-api-key': credential }),
  goodmem: (credential) => ({ 'x-api-key': credential }),
  anam: (credential) => ({ authorization: `Bearer ${credential}` }),
  flashback: (credential) => ({ authorization: `Bearer ${credential}` }),
};

/** Starts an emulator that the running test's end closes, and a way to talk to it as its vendor's client does. */
export async function start<Options extends object>(
  vendor: string,
  options: Partial<Options> = {},
  settings: EmulatorSettings<Options> = {},
) {
  const emulator = await startEmulator<Options>(vendor, { ...settings, options });
  running.push(emulator);
  const auth = headerOf[vendor]?.(emulator.credential) ?? {};

  /** Sends one request. A body that is a string is sent as it is. */
  async function send(
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(emulator.url + path, {
      method,
      redirect: 'manual',
      headers: { ...auth, ...json, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: parse(text), headers: response.headers };
  }

  return { emulator, send };
}

function parse(text: string): Tree {
  try {
    return JSON.parse(text) as Tree;
  } catch {
    return {};
  }
}
