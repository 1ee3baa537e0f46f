import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { type Emulator, type EmulatorSettings, startEmulator } from '../../src/emulator/index.js';
import { llmform, type Result, start } from './run-cli.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((clean) => clean()));
});

/** Has something done when the running test ends. */
export function later(clean: () => Promise<unknown>): void {
  cleanups.push(clean);
}

/** An emulator that the running test's end closes. */
export async function emulate(vendor: string, settings: EmulatorSettings = {}): Promise<Emulator> {
  const emulator = await startEmulator(vendor, settings);
  later(() => emulator.close());
  return emulator;
}

/** A folder that the running test's end removes. */
export async function folder(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'llmform-test-'));
  later(() => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  await write(path, files);
  return path;
}

export async function write(path: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
}

/** A project in a folder of its own, and `llmform` run in it. */
export interface Project {
  path: string;
  env: Record<string, string>;
  run(...args: string[]): Promise<Result>;
  /** As `run`, with other variables on top. */
  runWith(env: Record<string, string>, ...args: string[]): Promise<Result>;
  start(...args: string[]): ReturnType<typeof start>;
  write(files: Record<string, string | Uint8Array>): Promise<void>;
  read(file: string): Promise<string>;
}

export async function openProject(
  files: Record<string, string | Uint8Array>,
  env: Record<string, string> = {},
): Promise<Project> {
  const path = await folder(files);
  return {
    path,
    env,
    run: (...args) => llmform(args, { cwd: path, env }),
    runWith: (more, ...args) => llmform(args, { cwd: path, env: { ...env, ...more } }),
    start: (...args) => start(args, { cwd: path, env }),
    write: (more) => write(path, more),
    read: (file) => readFile(join(path, file), 'utf8'),
  };
}

export const KEYS = { ANAM_KEY: 'anam-emulator-key', OPENAI: 'sk-openai-secret-1' };

/** A project with one Anam target, called `anam`. */
export function anamProject(
  baseUrl: string,
  manifests: Record<string, string | Uint8Array>,
  settings = '',
): Promise<Project> {
  return openProject({ 'llmform.yaml': projectFile(baseUrl, settings), ...manifests }, { ...KEYS });
}

export function projectFile(baseUrl: string, settings = ''): string {
  return `apiVersion: llmform/v1
kind: Project
name: shop
manifests: ["llms/**/*.yaml"]
targets:
  anam:
    vendor: anam
    baseUrl: ${baseUrl}
    auth: { fromEnv: ANAM_KEY }
${settings}`;
}

/** A manifest of an Anam LLM. */
export function anamLlm(name: string, modelName = 'gpt-4o', more = ''): string {
  return `apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata: { name: ${name} }
spec:
  displayName: ${name}
  llmFormat: openai
  modelName: ${modelName}
  urls: [{ url: "https://api.openai.com/v1/chat/completions" }]
  secret: { fromEnv: OPENAI }
${more}`;
}

/** Several of them, each in a file of its own. */
export function anamLlms(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`llms/${name}.yaml`, anamLlm(name)]));
}

/** A LiveAvatar LLM and the secret that it refers to, in one file. */
export function liveAvatarPair(name: string): string {
  return `apiVersion: llmform/v1
kind: Secret
vendor: liveavatar
metadata: { name: openai }
spec: { secret_name: openai, secret_type: OPENAI_API_KEY, secret_value: { fromEnv: OPENAI } }
---
apiVersion: llmform/v1
kind: LLM
vendor: liveavatar
metadata: { name: ${name} }
spec: { display_name: ${name}, model_name: gpt-4o, secret_id: { ref: Secret/openai } }
`;
}

/** The names of the Anam LLMs that are there, sorted. */
export function namesAt(anam: Emulator): string[] {
  return anam
    .objects('LLM')
    .map(({ displayName }) => String(displayName))
    .sort();
}

/** Methods and paths of the requests that were not reads. */
export function writesTo({ requests }: Emulator): string[] {
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}
