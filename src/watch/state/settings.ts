import { defined } from '../../model/defined.js';
import type { Project, ProjectWatch, SecretReference, Target, WatchNotify } from '../../model/project.js';
import type { Mode } from './model.js';
import { toWindow, type WriteWindow } from './windows.js';

/** The watch settings of one target. */
export interface TargetSettings {
  mode: Mode;
  intervalMs: number;
  /** Suspended in the project file: no run at all, and no pruning. */
  suspend: boolean;
  /** Nothing is written while all of them are closed; without any, writing is always allowed. */
  windows: readonly WriteWindow[];
}

/** The watch settings of a project: its `watch` section with everything filled in, and flags on top. */
export interface WatchSettings {
  /** Of one run of one target: then reads are given up, and writes are finished and recorded. */
  runLimitMs: number;
  prune: boolean;
  adopt: boolean;
  /** Where the page, the metrics and the webhook are served; undefined serves nothing. */
  listen: { host: string; port: number } | undefined;
  /** Where people find the page, as the project says. */
  url?: string;
  /** The recipients of notifications. */
  notify: readonly WatchNotify[];
  /** Of POST /hook; without it there is no webhook. */
  webhookSecret?: SecretReference;
  /** Lets people do things on the page; without it the page is read-only. */
  uiToken?: SecretReference;
  /** Of the project file: files and commands of secrets are relative to it. */
  folder: string;
  /** Files outside of it that the operator allows. */
  allowedFiles?: readonly string[];
  /** By name, one for every target of the project. */
  targets: Readonly<Record<string, TargetSettings>>;
}

/** The settings of the command line; an absent member leaves the project's settings as they are. */
export interface WatchOverrides {
  mode?: Mode | undefined;
  intervalMs?: number | undefined;
  /** `off` serves nothing. */
  listen?: { host: string; port: number } | 'off' | undefined;
}

export const DEFAULTS = {
  mode: 'observe' as Mode,
  intervalMs: 600_000,
  runLimitMs: 120_000,
  listen: { host: '127.0.0.1', port: 9440 },
} as const;

/** The settings of a project. Flags beat its `watch` section, that of a target too. */
export function resolveSettings(
  { watch = {}, targets, folder, allowedFiles }: Project,
  over: WatchOverrides = {},
): WatchSettings {
  const listen = over.listen ?? watch.listen ?? DEFAULTS.listen;
  return {
    runLimitMs: watch.runLimitMs ?? DEFAULTS.runLimitMs,
    prune: watch.prune ?? false,
    adopt: watch.adopt ?? false,
    listen: listen === 'off' ? undefined : listen,
    notify: watch.notify ?? [],
    ...(watch.url !== undefined && { url: watch.url }),
    ...(watch.webhookSecret && { webhookSecret: watch.webhookSecret }),
    ...(watch.uiToken && { uiToken: watch.uiToken }),
    folder,
    ...defined({ allowedFiles }),
    targets: Object.fromEntries(targets.map((target) => [target.name, ofTarget(target, watch, over)])),
  };
}

function ofTarget(target: Target, common: ProjectWatch, over: WatchOverrides): TargetSettings {
  const own = target.watch ?? {};
  return {
    mode: over.mode ?? own.mode ?? common.mode ?? DEFAULTS.mode,
    intervalMs: over.intervalMs ?? own.intervalMs ?? common.intervalMs ?? DEFAULTS.intervalMs,
    suspend: target.suspend ?? false,
    windows: (own.windows ?? common.windows ?? []).map(toWindow),
  };
}
