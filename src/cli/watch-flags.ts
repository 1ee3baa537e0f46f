import { type Command, InvalidArgumentError, Option } from 'commander';
import { toListen } from '../manifest/project/watch-settings.js';
import { parseDuration } from '../model/duration.js';
import type { LogLevel } from '../platform/process/log.js';
import type { Terminal } from '../platform/process/terminal.js';
import type { Mode } from '../watch/state/model.js';
import { allowFileOption, collectValues, lockTimeoutOption, parseFingerprint, parsePort } from './flags.js';

/** Absent members leave what the project file says under `watch` as it is. */
export interface WatchFlags {
  config: string;
  target: string[];
  logLevel: LogLevel;
  mode?: Mode;
  /** Milliseconds. */
  interval?: number;
  listen?: { host: string; port: number } | 'off';
  git?: string;
  ref?: string;
  /** Milliseconds. */
  lockTimeout: number;
  once: boolean;
  approve: string[];
  stateDir?: string;
  gitSubmodules?: boolean;
  uiToken?: string;
  uiTokenFile?: string;
  allowHost: string[];
  allowCommands: boolean;
  allowFile: string[];
}

export function addWatchFlags(command: Command, where: Pick<Terminal, 'cwd'>): Command {
  return command
    .optionsGroup('What to do:')
    .addOption(
      new Option(
        '--mode <mode>',
        'observe (default) only reports; heal applies without deleting or replacing; apply goes by the guards',
      ).choices(['observe', 'heal', 'apply']),
    )
    .option(
      '--interval <time>',
      'between runs of a target, give or take 10 % (default: 10m)',
      parseIntervalMs,
    )
    .addOption(lockTimeoutOption())
    .option('--once', 'one run of every target, then end with the exit codes of apply', false)
    .option(
      '--approve <hash>',
      'let the plan of a target with this fingerprint through, once; repeatable',
      collectApprovals,
      [],
    )
    .optionsGroup('Where the project comes from:')
    .option('-c, --config <file>', 'project file (default: llmform.yaml)', 'llmform.yaml')
    .option('-t, --target <name>', 'only this target; may be repeated (default: all)', collectValues, [])
    .option('--git <url>', 'follow a git repository instead of the files here')
    .option('--ref <name>', 'the branch to follow (default: main)')
    .option('--git-submodules', "fetch submodules too, from the repository's own host and from allowed ones")
    .option('--state-dir <dir>', 'folder for what outlives a restart (default: .llmform/watch)')
    .optionsGroup('The page:')
    .option('--listen <address>', 'host and port, or off (default: 127.0.0.1:9440)', parseListen)
    .option('--ui-token <token>', 'lets its holder approve, sync and suspend (visible in the process list)')
    .option('--ui-token-file <file>', 'the same, from a file, which the process list does not show')
    .optionsGroup('In CI, where the files may come from a pull request:')
    .option(
      '--allow-host <host>',
      "send credentials to this host too, not only to vendors' own",
      collectValues,
      [],
    )
    .option('--allow-commands', 'run the commands of fromCommand', false)
    .optionsGroup('Files outside the project:')
    .addOption(allowFileOption(where))
    .optionsGroup('Common options:')
    .addOption(
      new Option('--log-level <level>', 'error, warn, info (default) or debug')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .helpOption('-h, --help', 'show this help');
}

const [SHORTEST_MS, LONGEST_MS] = [100, 24 * 3_600_000];

/** Milliseconds of a text such as `30s`, `10m` or `1h`. */
function parseIntervalMs(text: string): number {
  const ms = parseDuration(text);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new InvalidArgumentError('It takes a number with ms, s, m or h, such as 10m; from 100ms to 24h.');
}

function collectApprovals(text: string, earlier: string[]): string[] {
  return [...earlier, parseFingerprint(text)];
}

/** `127.0.0.1:9440`, `[::1]:9440`, `:9440` for loopback, or `off`. */
function parseListen(text: string): { host: string; port: number } | 'off' {
  if (text === 'off') return 'off';
  if (!/^(\[[0-9a-fA-F:.]+\]|[\w.-]*):\d+$/.test(text)) {
    throw new InvalidArgumentError('It takes host:port, such as 127.0.0.1:9440, or off.');
  }
  const { host, port: number } = toListen(text);
  return { host: host || '127.0.0.1', port: parsePort(String(number)) };
}
