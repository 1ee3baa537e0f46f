import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The program as a user gets it. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

if (!existsSync(CLI)) {
  throw new Error('dist/cli.js is missing, and these tests run it: build it with "npm run build" first.');
}

export interface Where {
  cwd?: string;
  env?: Record<string, string>;
}

/** A clean environment: nothing of whoever runs the tests gets in. */
export function environment(env: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', ...env };
}

/** Starts `llmform` and leaves it running. */
export function start(args: readonly string[], where: Where = {}) {
  return startProgram(process.execPath, [CLI, ...args], where);
}

/** Starts something that starts `llmform`. */
export function startProgram(program: string, args: readonly string[], { cwd, env }: Where) {
  return execa(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: environment(env),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
}

export interface Result {
  code: number | undefined;
  /** Results. */
  out: string;
  /** Everything else. */
  err: string;
}

/** Runs `llmform` to its end. */
export async function llmform(args: readonly string[], where: Where = {}): Promise<Result> {
  const { exitCode, stdout, stderr } = await start(args, where);
  return { code: exitCode, out: stdout, err: stderr };
}

/** A parsed document of any shape: tests name the members that they expect. */
export interface Tree {
  [member: string]: Tree;
}

/** The one JSON document that a text has to be. */
export function parsed(text: string): Tree {
  return JSON.parse(text) as Tree;
}
