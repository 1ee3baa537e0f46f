import type { Project } from '../model/project.js';
import type { Mode } from './model.js';

/** A time in which writing is allowed. */
export interface Window {
  /** For messages, such as `Mon-Fri 9:00, 8h (Europe/Berlin)`. */
  text: string;
  /** At a time in milliseconds since 1970. */
  isOpen(at: number): boolean;
  /** When it opens next, in milliseconds since 1970: a run is due then. */
  opensAt?(after: number): number | undefined;
}

/** How one target is watched. */
export interface TargetSettings {
  mode: Mode;
  intervalMs: number;
  /** Suspended in the project file: no run at all, and no pruning. */
  suspend: boolean;
  /** Nothing is written while all of them are closed; without any, writing is always allowed. */
  windows: readonly Window[];
}

/** How a project is watched: its `watch` section with everything filled in, and flags on top. */
export interface WatchSettings {
  /** Of one run of one target: then reads are given up, and writes are finished and recorded. */
  runLimitMs: number;
  prune: boolean;
  adopt: boolean;
  /** Where the page, the metrics and the webhook are served; undefined serves nothing. */
  listen: { host: string; port: number } | undefined;
  /** By name, one for every target of the project. */
  targets: Readonly<Record<string, TargetSettings>>;
}

/** What the command line says; an absent member leaves the project's settings as they are. */
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
export function settingsOf(project: Project, over: WatchOverrides = {}): WatchSettings {
  const { mode = DEFAULTS.mode, intervalMs = DEFAULTS.intervalMs, listen = DEFAULTS.listen } = over;
  const target: TargetSettings = { mode, intervalMs, suspend: false, windows: [] };
  return {
    runLimitMs: DEFAULTS.runLimitMs,
    prune: false,
    adopt: false,
    listen: listen === 'off' ? undefined : listen,
    targets: Object.fromEntries(project.targets.map(({ name }) => [name, target])),
  };
}
