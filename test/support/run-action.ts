import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { FakeGitHub } from './fake-github.js';
import { nodeRelease } from './node-release.js';
import { folder, later } from './project.js';
import { environment } from './run-cli.js';

/** The action as GitHub gets it. */
const BUNDLE = fileURLToPath(new URL('../../dist/action/index.js', import.meta.url));

/** What Node made of it stays for the next step: these tests start it some two hundred times. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/llmform/compiled', import.meta.url));

if (!existsSync(BUNDLE)) {
  throw new Error(
    'dist/action/index.js is missing, and these tests run it: build it with "npm run build" first.',
  );
}

/** A GitHub that the running test's end closes. */
export async function github(prefix = ''): Promise<FakeGitHub> {
  const fake = await new FakeGitHub(prefix).listen();
  later(() => fake.close());
  return fake;
}

export interface Step {
  /** The checkout. */
  cwd: string;
  /** Variables of the workflow. */
  env?: Record<string, string>;
  /** `with:`, under the names of `action.yml`. */
  inputs: Record<string, string>;
  event?: Event;
  /** Where the API is; none for a step that has no business there. */
  api?: string;
}

export interface Event {
  name: string;
  sha?: string;
  ref?: string;
  payload?: object;
}

export interface Ran {
  code: number | undefined;
  /** The log without the commands that tell the runner what to mask. */
  log: string;
  /** What the runner was told to mask. */
  masked: string[];
  summary: string;
  outputs: Record<string, string>;
  /** The commands that became annotations. */
  annotations: string[];
}

/** Runs one step the way a runner does: Node 24, the inputs as variables, files for everything that it says. */
export async function action({ cwd, env = {}, inputs, event, api }: Step): Promise<Ran> {
  const { process, place } = await begin({ cwd, env, inputs, ...(event && { event }), ...(api && { api }) });
  const { exitCode, stdout, stderr } = await process;
  const log = `${stdout}\n${stderr}`;
  const masks = /^::add-mask::(.*)$/gm;
  return {
    code: exitCode,
    log: log.replace(masks, ''),
    masked: [...log.matchAll(masks)].map(([, secret = '']) => unescapeCommand(secret)),
    summary: await readFile(join(place, 'summary'), 'utf8'),
    outputs: outputsIn(await readFile(join(place, 'output'), 'utf8')),
    annotations: commandsIn(stdout).filter((line) => /^::(error|warning|notice) /.test(line)),
  };
}

/** Starts a step and leaves it running. `place` is where its files are. */
export async function begin({ cwd, env = {}, inputs, event, api }: Step) {
  const place = await folder();
  await mkdir(join(place, 'temp'));
  for (const name of ['output', 'summary', 'env', 'state', 'path']) await writeFile(join(place, name), '');
  const { name, sha = 'f'.repeat(40), ref = 'refs/heads/main', payload = {} } = event ?? { name: 'push' };
  const repository = { full_name: 'octo/shop', default_branch: 'main' };
  await writeFile(join(place, 'event.json'), JSON.stringify({ repository, ...payload }));
  const given = Object.entries({ 'github-token': api === undefined ? '' : 'ghs_token', ...inputs });
  const process = execa(await nodeRelease(24), [BUNDLE], {
    cwd,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    env: {
      ...environment(env),
      ...Object.fromEntries(given.map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value])),
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_RUN_ID: '77',
      GITHUB_WORKSPACE: cwd,
      GITHUB_EVENT_NAME: name,
      GITHUB_SHA: sha,
      GITHUB_REF: ref,
      GITHUB_EVENT_PATH: join(place, 'event.json'),
      GITHUB_OUTPUT: join(place, 'output'),
      GITHUB_STEP_SUMMARY: join(place, 'summary'),
      GITHUB_ENV: join(place, 'env'),
      GITHUB_STATE: join(place, 'state'),
      GITHUB_PATH: join(place, 'path'),
      RUNNER_TEMP: join(place, 'temp'),
      NODE_COMPILE_CACHE: COMPILED,
      // A discard port: whatever asks GitHub without having been told where gets no answer, and no test waits for it.
      GITHUB_API_URL: api ?? 'http://127.0.0.1:9',
    },
  });
  return { process, place };
}

/** The event of a pull request of this repository, or of a fork. */
export function pullRequest(number: number, head: string, repository = 'octo/shop'): Event {
  const pull = { number, head: { sha: head, repo: { full_name: repository } } };
  return {
    name: 'pull_request',
    sha: 'e'.repeat(40),
    ref: `refs/pull/${number}/merge`,
    payload: { pull_request: pull },
  };
}

/** Lines that the runner obeys: those between a stop and its token are only printed. */
export function commandsIn(log: string): string[] {
  const commands: string[] = [];
  let token: string | undefined;
  for (const line of log.split('\n').map((text) => text.trimStart())) {
    if (token !== undefined) {
      if (line.trim() === `::${token}::`) token = undefined;
    } else if (line.startsWith('::stop-commands::')) token = line.slice('::stop-commands::'.length).trim();
    else if (/^(::|##\[)/.test(line)) commands.push(line);
  }
  return commands;
}

function outputsIn(text: string): Record<string, string> {
  const found = text.matchAll(/^(.+)<<(ghadelimiter_.+)\n([^]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name ?? '', value ?? '']));
}

function unescapeCommand(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}
