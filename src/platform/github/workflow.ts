import { readFile } from 'node:fs/promises';
import type { Json } from '../../model/json.js';

/** The runner's data for an action: its inputs, the event, and its place. */
export interface Workflow {
  /** By name, in lower case; those that were left out and have no default are not in it, or empty. */
  inputs: ReadonlyMap<string, string>;
  /** The variables for the project: without the action's own inputs and the runner's tokens. */
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute: where the repository was checked out. */
  workspace: string;
  /** Absolute: is emptied after the job. */
  temp: string;
  /** Name of the event, such as `pull_request`. */
  event: string;
  payload: Json;
  owner: string;
  repo: string;
  /** The commit that was checked out. */
  sha: string;
  /** Such as `refs/heads/main`. */
  ref: string;
  /** The page of this run. */
  runUrl: string;
}

/** Reads all of it from the variables of this process, and the event from its file. */
export async function readWorkflow(env: NodeJS.ProcessEnv = process.env): Promise<Workflow> {
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  return {
    inputs: inputsIn(env),
    env: { ...forProject(env), CI: 'true' },
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    temp: env.RUNNER_TEMP || process.cwd(),
    event: env.GITHUB_EVENT_NAME ?? '',
    payload: await payloadIn(env.GITHUB_EVENT_PATH),
    owner,
    repo,
    sha: env.GITHUB_SHA ?? '',
    ref: env.GITHUB_REF ?? '',
    runUrl: `${server}/${owner}/${repo}/actions/runs/${env.GITHUB_RUN_ID ?? ''}`,
  };
}

const INPUT = 'INPUT_';

function inputsIn(env: NodeJS.ProcessEnv): Map<string, string> {
  const given = Object.entries(env).filter(([name]) => name.startsWith(INPUT));
  return new Map(given.map(([name, value = '']) => [name.slice(INPUT.length).toLowerCase(), value]));
}

/** A manifest may name variables: the token of this action and those of the runner are not for it. */
function forProject(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(INPUT|ACTIONS)_/i.test(name)));
}

async function payloadIn(path: string | undefined): Promise<Json> {
  if (!path) return null;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Json;
  } catch {
    return null;
  }
}
