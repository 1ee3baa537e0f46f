import { execFileSync } from 'node:child_process';
import { execa } from 'execa';
import { CLI, environment, type Where } from './run-cli.js';

/** Whether there is a program that gives us a terminal: util-linux's `script`, the one that takes a command. */
export const hasTerminal = canMakeTerminal();

/** Starts `llmform` on a terminal of its own, where stdout and stderr are one. Write to its stdin to type. */
export function startOnTerminal(args: readonly string[], { cwd, env }: Where = {}) {
  const command = [process.execPath, CLI, ...args].map(quoted).join(' ');
  return execa('script', ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'], {
    ...(cwd !== undefined && { cwd }),
    env: environment({ TERM: 'xterm', SHELL: '/bin/sh', ...env }),
    extendEnv: false,
    reject: false,
  });
}

function canMakeTerminal(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('util-linux');
  } catch {
    return false;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
