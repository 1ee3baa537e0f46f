import { readMarker } from '../../src/action/marker.js';
import type { Emulator } from '../../src/emulator/index.js';
import type { FakeGitHub, StoredPost } from './fake-github.js';
import { anamLlm, anamProject, emulate, type Project } from './project.js';
import { action, type Event, github, pullRequest, type Ran } from './run-action.js';

export const HEAD = 'a'.repeat(40);
export const MERGED = 'c'.repeat(40);

/** A repository with one Anam target, its vendor, and GitHub with the open pull request 7. */
export interface Scene {
  anam: Emulator;
  hub: FakeGitHub;
  project: Project;
  run(inputs: Record<string, string>, event?: Event, env?: Record<string, string>): Promise<Ran>;
  /** A plan on the pull request, of the commit that it ends with. */
  plan(inputs?: Record<string, string>, env?: Record<string, string>): Promise<Ran>;
  /** Merges the pull request, if it is open, and applies what was merged. */
  apply(inputs?: Record<string, string>, env?: Record<string, string>): Promise<Ran>;
  /** The only comment on the pull request. */
  comment(): StoredPost;
}

export async function scene(
  manifests: Record<string, string | Uint8Array>,
  { settings = '', prefix = '' }: { settings?: string; prefix?: string } = {},
): Promise<Scene> {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, manifests, settings);
  const hub = await github(prefix);
  hub.pulls.push({ number: 7, head: HEAD });
  const run: Scene['run'] = (inputs, event, env = {}) =>
    action({
      cwd: project.path,
      env: { ...project.env, ...env },
      inputs,
      api: hub.url,
      ...(event && { event }),
    });
  return {
    anam,
    hub,
    project,
    run,
    plan(inputs = {}, env) {
      const head = hub.pulls[0]?.head ?? '';
      return run({ command: 'plan', ...inputs }, pullRequest(7, head), env);
    },
    apply(inputs = {}, env) {
      const [pull] = hub.pulls;
      if (pull !== undefined) pull.mergedAs ??= MERGED;
      return run({ command: 'apply', ...inputs }, { name: 'push', sha: MERGED }, env);
    },
    comment() {
      const comments = hub.comments.filter(({ issue }) => issue === 7);
      if (comments.length !== 1) throw new Error(`there are ${comments.length} comments`);
      return comments[0] as StoredPost;
    },
  };
}

/** What a comment says of itself. */
export function markerOf({ body }: { body: string }) {
  const marker = readMarker(body);
  if (marker === undefined) throw new Error('there is no marker');
  return marker;
}

/** An Anam LLM with a prompt-like text of any content. */
export function described(name: string, description: string, modelName = 'gpt-4o', more = ''): string {
  return anamLlm(name, modelName, `  description: ${JSON.stringify(description)}\n${more}`);
}
