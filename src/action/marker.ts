import { readForeignJson } from '../model/foreign-json.js';
import { validate } from './marker.schema.generated.js';

/**
 * The state of a plan on record: `planned` it waits to be applied, `partial` it was applied in part, `refused`
 * it was not applied, `applied` it is done with, `failed` there is none.
 */
export type PostState = 'planned' | 'partial' | 'refused' | 'applied' | 'failed';

/**
 * Which of our posts it is: one for each command, project file and set of targets. What is posted for a fork is no `plan`:
 * an apply takes nothing in it for reviewed.
 */
export interface PostKey {
  cmd: 'plan' | 'drift' | 'fork';
  config: string;
  /** Sorted; empty means all. */
  targets: readonly string[];
}

/** The hidden facts of a post. It holds names from the workflow and hashes, nothing of the manifests. */
export interface PostMarker extends PostKey {
  v: 1;
  head: string;
  /** The plan's fingerprint; empty where there is none. */
  plan: string;
  /** True if a part of the plan had no room in the post, so that it does not count as reviewed. */
  truncated: boolean;
  state: PostState;
}

const START = '<!-- llmform ';
const END = ' -->';

/** The first line of a post: a comment that GitHub does not show. */
export function writeMarker({ v, cmd, config, targets, head, plan, truncated, state }: PostMarker): string {
  const json = JSON.stringify({ v, cmd, config, targets, head, plan, truncated, state });
  // A comment ends at the first `-->`, and `--` may not be in one at all.
  const inert = json.replaceAll('--', '-\\u002d').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
  return `${START}${inert}${END}`;
}

/** The marker on the first line of a post; undefined where there is none. Says nothing about who wrote it. */
export function readMarker(body: string): PostMarker | undefined {
  const [line = ''] = body.split(/\r?\n/, 1);
  if (!line.startsWith(START) || !line.endsWith(END)) return undefined;
  const read = readForeignJson<PostMarker>(line.slice(START.length, -END.length), validate);
  if ('fault' in read) return undefined;
  // A marker without `truncated: false` counts as truncated.
  return { ...read.value, truncated: read.value.truncated !== false };
}

export function hasKey(marker: PostMarker | undefined, { cmd, config, targets }: PostKey): boolean {
  return (
    marker !== undefined &&
    marker.cmd === cmd &&
    marker.config === config &&
    JSON.stringify(marker.targets) === JSON.stringify(targets)
  );
}
