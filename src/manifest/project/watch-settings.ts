import { defined } from '../../model/defined.js';
import { parseDuration } from '../../model/duration.js';
import type {
  ProjectWatch,
  SecretReference,
  TargetWatch,
  WatchNotify,
  WatchWindow,
} from '../../model/project.js';

/** A `watch` section as its schema lets it be written. */
export interface WatchFile extends TargetWatchFile {
  runLimit?: string;
  prune?: boolean;
  adopt?: boolean;
  listen?: string;
  url?: string;
  git?: { url: string; ref?: string; interval?: string; submodules?: boolean };
  webhookSecret?: SecretReference;
  uiToken?: SecretReference;
  notify?: {
    type: WatchNotify['type'];
    url: WatchNotify['url'];
    secret?: SecretReference;
    on?: WatchNotify['on'];
  }[];
}

export interface TargetWatchFile {
  mode?: NonNullable<TargetWatch['mode']>;
  interval?: string;
  windows?: { cron: string; duration: string; timeZone?: string }[];
}

/** The same with durations in milliseconds. What is not said stays away. */
export function toProjectWatch(file: WatchFile): ProjectWatch {
  const { runLimit, prune, adopt, listen, url, git, webhookSecret, uiToken, notify } = file;
  return {
    ...toTargetWatch(file),
    ...(runLimit !== undefined && { runLimitMs: parseDuration(runLimit) }),
    ...(listen !== undefined && { listen: toListen(listen) }),
    ...defined({
      prune,
      adopt,
      url,
      git: git && toGit(git),
      webhookSecret,
      uiToken,
      notify: notify?.map(({ on = ALL, ...rest }) => ({ ...rest, on })),
    }),
  };
}

export function toTargetWatch({ mode, interval, windows }: TargetWatchFile): TargetWatch {
  return {
    ...(interval !== undefined && { intervalMs: parseDuration(interval) }),
    ...defined({ mode, windows: windows?.map(toWindow) }),
  };
}

/** `host:port`, or `[::1]:port`. */
export function toListen(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

function toGit({
  url,
  ref,
  interval,
  submodules,
}: NonNullable<WatchFile['git']>): NonNullable<ProjectWatch['git']> {
  return {
    url,
    ...(ref !== undefined && { ref }),
    ...(interval !== undefined && { intervalMs: parseDuration(interval) }),
    ...(submodules !== undefined && { submodules }),
  };
}

function toWindow({
  cron,
  duration,
  timeZone = 'UTC',
}: NonNullable<TargetWatchFile['windows']>[number]): WatchWindow {
  return { cron, durationMs: parseDuration(duration), timeZone };
}

const ALL: WatchNotify['on'] = ['drift', 'failure', 'recovery'];
