import { vi } from 'vitest';
import { openLog } from '../../src/platform/process/log.js';
import type { RunContext } from '../../src/usecases/run-context.js';
import { createDaemon, type DaemonOptions, type RunningDaemon } from '../../src/watch/daemon.js';
import type { FinishedRun } from '../../src/watch/reconcile/reconcile-target.js';
import type { ProjectSource } from '../../src/watch/source/source.js';
import type { TargetState, Trigger } from '../../src/watch/state/model.js';
import { resolveSettings, type TargetSettings, type WatchSettings } from '../../src/watch/state/settings.js';
import type { Suspensions } from '../../src/watch/state/suspensions.js';
import { later, type Project } from './project.js';
import type { Line } from './watching.js';

/** What a test says of the daemon that it wants; the rest is filled in. */
export interface Wanted {
  settings?: Partial<WatchSettings>;
  /** Of every target. */
  target?: Partial<TargetSettings>;
  parts?: Partial<DaemonOptions>;
  context?: RunContext;
}

/** The daemon in this process, which the running test's end stops. */
export interface Engine {
  daemon: RunningDaemon;
  turns: FinishedRun[];
  lines(): Line[];
  /** What the source tells the daemon, as if something had changed. */
  tell(trigger: Trigger): void;
  target(name?: string): TargetState;
  /** Asks for a run of a target, and waits until it and everything else is done. */
  run(trigger?: Trigger, name?: string): Promise<FinishedRun>;
}

export async function openEngine(
  project: Pick<Project, 'path' | 'env'>,
  { settings = {}, target = {}, parts = {}, context = { cwd: project.path, env: project.env } }: Wanted = {},
): Promise<Engine> {
  let text = '';
  const turns: FinishedRun[] = [];
  let tell: (trigger: Trigger) => void = () => undefined;
  const source: ProjectSource = {
    load: async () => ({ cwd: project.path, config: 'llmform.yaml', place: project.path }),
    close: async () => undefined,
    onChange: (listener) => {
      tell = listener;
    },
  };
  const daemon = await createDaemon({
    version: 'test',
    source,
    suspensions: suspensionsInMemory(),
    observers: [],
    log: openLog((line) => void (text += line), 'debug'),
    approve: [],
    loading: {
      context,
      options: { target: [], allowHost: [], allowFile: [], allowCommands: false },
      settingsOf(found) {
        const base = resolveSettings(found, { mode: 'heal', listen: 'off' });
        const targets = Object.entries(base.targets).map(([name, own]) => [name, { ...own, ...target }]);
        return { ...base, targets: Object.fromEntries(targets), ...settings };
      },
    },
    ...parts,
    onFinished(name, turn) {
      turns.push(turn);
      parts.onFinished?.(name, turn);
    },
  });
  later(() => daemon.stop());
  const first = () => daemon.state().targets[0]?.name ?? '';
  return {
    daemon,
    turns,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line),
    tell: (trigger) => tell(trigger),
    target(name = first()) {
      const found = daemon.state().targets.find((one) => one.name === name);
      if (found === undefined) throw new Error(`there is no target ${name}`);
      return found;
    },
    async run(trigger = 'page', name = first()) {
      const before = turns.length;
      daemon.sync(trigger, name);
      await settled(() => turns.length > before && daemon.state().targets.every(isIdle));
      const turn = turns.at(-1);
      if (turn === undefined) throw new Error('no run');
      return turn;
    },
  };
}

function isIdle({ running, queued }: TargetState): boolean {
  return !running && !queued;
}

export async function settled(holds: () => boolean, timeout = 15_000): Promise<void> {
  await vi.waitFor(
    () => {
      if (!holds()) throw new Error(`it never came to pass: ${holds}`);
    },
    { timeout, interval: 5 },
  );
}

/** Remembers them as long as this process lives. */
export function suspensionsInMemory(): Suspensions {
  const suspended = new Set<string>();
  return {
    has: (target) => suspended.has(target),
    suspend: async (target) => void suspended.add(target),
    resume: async (target) => void suspended.delete(target),
  };
}
