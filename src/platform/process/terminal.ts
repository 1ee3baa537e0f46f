import { createInterface } from 'node:readline/promises';
import { createMask, type Mask } from '../secrets/mask.js';
import { stripCommands, stripHashCommands } from './ci-commands.js';
import type { Calendar } from './clock.js';
import { openOutput } from './output.js';

/** The surroundings of a command: its folder, its variables, and the two streams that it may print to. */
export interface Terminal {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Results. In CI nothing in it, nor in `err`, is taken for a command. */
  out(text: string): void;
  /** Workflow commands that are meant as such, on the stream for results. Their data has to be escaped already. */
  command(text: string): void;
  /** Everything else: progress, questions, warnings. */
  err(text: string): void;
  /** Resolves once all results are printed, with the system's name of the first error, such as `ENOSPC`. */
  outputFault?(): Promise<string | undefined>;
  /** Masks the secrets that this process knows, before values are rendered. The streams print their input as it is. */
  mask?: Mask;
  /** True if results go to a person's screen, which takes colours. */
  color: boolean;
  /** The same for what goes to the error stream. */
  errorColor: boolean;
  width: number | undefined;
  /** True if progress may be drawn on the error stream. */
  live: boolean;
  /** Asks a person to type "yes"; undefined without a terminal. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
  /**
   * Calls back on the first interrupt; a second one ends the process at once. The end of the terminal (SIGHUP) counts as
   * one where it is `included`, and may come twice. Returns a function that stops it.
   */
  onInterrupt(callback: () => void, hangup?: 'included'): () => void;
  /** Calls back on SIGHUP, which ends a process without a listener. Returns a function that stops it. */
  onHangup?(callback: () => void): () => void;
  /** The clock that waits are measured with; default: the system's. */
  clock?: Calendar;
  /** The exit code of a mistake that nothing catches, where a command knows a truer one than 1. */
  crashCode?: () => number;
  /** The last net: ends the process after so long, if it has not ended by then. */
  leaveWithin?(ms: number, code: number): void;
}

/** The terminal of this process. `NO_COLOR` and `FORCE_COLOR` are obeyed. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const [plainOut, plainErr] = [plainFor(stdout, env), plainFor(stderr, env)];
  // Neither results nor a log that cannot be written must end what they tell of.
  const [output, log] = [openOutput(stdout), openOutput(stderr)];
  return {
    cwd: process.cwd(),
    env,
    out: (text) => output.write(plainOut(text)),
    command: (text) => output.write(stripHashCommands(text)),
    err: (text) => log.write(plainErr(text)),
    outputFault: output.fault,
    mask: createMask(),
    color: wantsColor(stdout.isTTY, env),
    errorColor: wantsColor(stderr.isTTY, env),
    width: stdout.isTTY ? stdout.columns : undefined,
    live: stderr.isTTY === true && env.TERM !== 'dumb' && !env.CI,
    confirm: stdin.isTTY && stderr.isTTY ? ask : undefined,
    onInterrupt,
    onHangup(callback) {
      process.on('SIGHUP', callback);
      return () => void process.off('SIGHUP', callback);
    },
    leaveWithin: (ms, code) => void setTimeout(() => process.exit(code), ms).unref(),
  };
}

/**
 * A CI system may read every stream that is not a person's screen. Its variables say less: they are missing within a container
 * that a step starts.
 */
function plainFor(stream: { isTTY?: boolean }, { CI }: NodeJS.ProcessEnv): (text: string) => string {
  return stream.isTTY === true && !CI ? (text) => text : stripCommands;
}

function wantsColor(isTty: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTty === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(question), closed]);
    return answer.trim() === 'yes';
  } finally {
    lines.close();
  }
}

function onInterrupt(callback: () => void, hangup?: 'included'): () => void {
  let interrupted = false;
  const signals = ['SIGINT', 'SIGTERM', ...(hangup === 'included' ? ['SIGHUP'] : [])];
  const listen = (signal: string) => {
    // Both the shell and the kernel tell of a terminal that is gone.
    if (interrupted && signal !== 'SIGHUP') process.exit(130);
    if (!interrupted) callback();
    interrupted = true;
  };
  for (const signal of signals) process.on(signal, listen);
  return () => {
    for (const signal of signals) process.off(signal, listen);
  };
}
