import { expect, vi } from 'vitest';
import { later, type Project } from './project.js';
import type { start } from './run-cli.js';

/** A line of the log. */
export interface Line {
  level: string;
  ts: string;
  msg: string;
  target?: string;
  reconcileId?: string;
  trigger?: string;
  commit?: string;
  result?: string;
  durationMs?: number;
  nextInMs?: number;
  changes?: number;
  held?: string[];
  err?: { code: string; message: string };
}

/** `llmform watch` as a process, and what it has logged so far. */
export interface Watching {
  process: ReturnType<typeof start>;
  text(): string;
  lines(): Line[];
  /** The lines of runs, of one target or of all. */
  runs(target?: string): Line[];
  /** Polls until it holds; fails with the log where it never does. */
  until(holds: () => unknown): Promise<void>;
  /** Waits for so many more runs than there are now. */
  runsMore(count: number, target?: string): Promise<void>;
  /** Sends a signal and waits for the end. */
  end(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | undefined>;
}

/** Starts the daemon without its web server; the running test's end kills it. */
export function watching(project: Pick<Project, 'start'>, ...args: string[]): Watching {
  return follow(project.start('watch', '--listen', 'off', ...args));
}

export function follow(running: ReturnType<typeof start>): Watching {
  let text = '';
  running.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  later(async () => {
    running.kill('SIGKILL');
    await running;
  });
  const lines = () =>
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  const runs = (target?: string) =>
    lines().filter((line) => line.result !== undefined && (target === undefined || line.target === target));
  async function until(holds: () => unknown): Promise<void> {
    try {
      await vi.waitFor(() => expect(holds()).toBeTruthy(), { timeout: 15_000, interval: 20 });
    } catch (error) {
      throw new Error(`it never came to pass: ${String(holds)}; the log:\n${text}`, { cause: error });
    }
  }
  return {
    process: running,
    text: () => text,
    lines,
    runs,
    until,
    async runsMore(count, target) {
      const before = runs(target).length;
      await until(() => runs(target).length >= before + count);
    },
    async end(signal = 'SIGTERM') {
      // Not by execa, which would send SIGKILL after a while.
      process.kill(running.pid ?? 0, signal);
      return (await running).exitCode;
    },
  };
}
