import { LlmformError } from '../../model/llmform-error.js';
import { errorCodeOf } from '../fs/files.js';
import type { Sanitize } from '../http/parse-response.js';
import { createMask } from '../secrets/mask.js';

/** One repository, and git run in it: argv, no shell, no prompt, never the work tree or the index. */
export interface Git {
  /** The output of a command, without the last newline. Throws `GitError`. */
  run(args: readonly string[], options?: GitRun): Promise<string>;
  /** The same, as the bytes that the command printed. */
  bytes(args: readonly string[], options?: GitRun): Promise<Uint8Array>;
}

export interface GitRun {
  /** Goes to the command's standard input. */
  input?: string;
  /** Variables on top of the others. */
  env?: Readonly<Record<string, string>>;
}

/** A git command that did not succeed. Its message holds no secret. */
export class GitError extends LlmformError {
  override readonly name = 'GitError';
  /** All that git printed, credentials in URLs left out. To be looked into, never to be shown. */
  readonly output: string;
  /** Git is not installed, did not end in time, or ended with an error. */
  readonly code: 'missing' | 'timeout' | 'failed';

  constructor(code: GitError['code'], message: string, output = '') {
    super(message);
    this.code = code;
    this.output = output;
  }
}

export interface GitLimits {
  /** Of each command; default: a minute, which is long for a few kilobytes. */
  timeoutMs?: number;
  /** Ends what runs when it fires. */
  signal?: AbortSignal;
  /** Makes what git says fit to be shown; default: knows no secret, and leaves out what may be one. */
  clean?: Sanitize | undefined;
}

/** Git in a folder. */
export function openGit(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  { timeoutMs = 60_000, signal = new AbortController().signal, clean = createMask().clean }: GitLimits = {},
): Git {
  const place = { folder, env, timeoutMs, signal, clean };
  return {
    run: async (args, options = {}) => text(await run(args, options, place)).replace(/\n$/, ''),
    bytes: (args, options = {}) => run(args, options, place),
  };
}

interface GitContext {
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  timeoutMs: number;
  signal: AbortSignal;
  clean: Sanitize;
}

async function run(args: readonly string[], { input, env }: GitRun, place: GitContext): Promise<Uint8Array> {
  const { execa } = await import('execa');
  if (place.signal.aborted) throw new GitError('failed', 'it was given up');
  const running = execa('git', [...OWN_REPOSITORY, ...args], {
    cwd: place.folder,
    env: { ...place.env, ...QUIET, ...env },
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    // In a session of its own: Ctrl-C is for us, who finish what is in flight, and no program can ask on the terminal.
    detached: true,
    cleanup: false,
    forceKillAfterDelay: 1_000,
    maxBuffer: MAX_BYTES,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  let late = false;
  const giveUp = () => {
    endGroup(running.pid);
    running.kill();
    // Processes that git started may outlive it and keep these open: do not wait for them.
    running.stdout.destroy();
    running.stderr.destroy();
  };
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, place.timeoutMs);
  place.signal.addEventListener('abort', giveUp);
  const result = await running;
  clearTimeout(timer);
  place.signal.removeEventListener('abort', giveUp);
  if (late) throw new GitError('timeout', `it did not answer within ${place.timeoutMs / 1000} s`);
  if (!result.failed) return result.stdout;
  if (errorCodeOf(result.cause) === 'ENOENT') throw new GitError('missing', 'there is no program called git');
  const output = withoutCredentials(`${text(result.stderr)}\n${text(result.stdout)}`);
  const { hold, clean } = createMask();
  const known = hold();
  for (const credential of await remoteCredentials(place)) known.add(credential);
  const reason = place.clean(clean(reasonIn(output)));
  throw new GitError('failed', reason || 'git did not say why', output);
}

/** A server may quote the user and the password that stand in the URL of a remote. */
async function remoteCredentials({ folder, env }: GitContext): Promise<string[]> {
  const { execa } = await import('execa');
  const asked = await execa('git', [...OWN_REPOSITORY, 'config', '--get-regexp', '^(remote|url)\\.'], {
    cwd: folder,
    env: { ...env, ...QUIET },
    extendEnv: false,
    stdin: 'ignore',
    // To listen for signals and then to stop would undo that Node ignores SIGXFSZ: a write beyond a limit would end us.
    cleanup: false,
    timeout: 5_000,
    reject: false,
  });
  const urls = [...(asked.stdout ?? '').matchAll(/:\/\/([^/@\s]+)@/g)].map(([, info = '']) => info);
  return urls.flatMap((info) => [info, ...info.split(':').slice(1)]).map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A folder of a pull request that only looks like a bare repository brings settings along, and those can name programs:
 * one counts only where it is named, as `GIT_DIR`. Git before 2.38 does not know this.
 */
const OWN_REPOSITORY = ['-c', 'safe.bareRepository=explicit'];

/** Messages in English, because we read some of them, and no questions. */
const QUIET = { GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

/** Git and all that it has started, such as ssh: the session of its own is a process group as well. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch {
    // It is over already.
  }
}

const MAX_BYTES = 256 * 1024 * 1024;

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Of an address that git repeats, its host and path stay. */
function withoutCredentials(text: string): string {
  return text
    .replace(/:\/\/[^/@\s]*@/g, '://')
    .replace(/(:\/\/[^\s'"?#;]*)[?#;][^\s'"]*/g, '$1')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}

/** The line of git's output that says most: what the server said of a ref, or else what was fatal. */
function reasonIn(output: string): string {
  const refused = /\[(?:remote )?rejected\] \(((?!atomic)[^\n]+)\)/.exec(output)?.[1];
  const denied = /^(?:remote: )?(?:error: |fatal: )?(.*(?:denied|not found).*)$/im.exec(output)?.[1];
  const fatal = /^(?:fatal|error): (.+)$/m.exec(output)?.[1];
  return (refused ?? denied ?? fatal ?? 'git did not say why').trim();
}
