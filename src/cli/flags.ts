import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../model/duration.js';
import type { LogLevel } from '../platform/process/log.js';
import type { Terminal } from '../platform/process/terminal.js';

/** Takes note of a command's exit code, and whether it may have changed something at a vendor. */
export type Act = (run: () => Promise<number>, effect?: 'writes') => Promise<void>;

/** Runs one command line and returns its exit code. */
export type Main = (argv: readonly string[], terminal: Terminal) => Promise<number>;

export type Format = 'text' | 'json' | 'markdown' | 'github';

/** The flags that every command about a project takes. */
export interface CommonFlags {
  config: string;
  target: string[];
  format: Format;
  color: boolean;
  quiet: boolean;
  logLevel: LogLevel;
}

export interface PlanFlags extends CommonFlags {
  prune: boolean;
  adopt: boolean;
  trustSecrets: boolean;
  rebind: string[];
  at?: string;
  allowHost: string[];
  allowCommands: boolean;
  allowFile: string[];
  detailedExitcode: boolean;
  out?: string;
}

export interface ApplyFlags extends PlanFlags {
  autoApprove: boolean;
  fingerprint?: string;
  maxDelete?: number;
  maxDeletePercent?: number;
  maxUpdatePercent?: number;
  maxMissing?: number;
  /** Milliseconds. */
  lockTimeout: number;
}

export interface ValidateFlags extends CommonFlags {
  allowFile: string[];
}

/** Results and errors only. */
export function isQuiet({ quiet, logLevel }: Pick<CommonFlags, 'quiet' | 'logLevel'>): boolean {
  return quiet || logLevel === 'error';
}

export function addCommonFlags(command: Command, formats: readonly Format[]): Command {
  const last = formats.at(-1);
  return command
    .optionsGroup('Common options:')
    .option('-c, --config <file>', 'project file (default: llmform.yaml)', 'llmform.yaml')
    .option('-t, --target <name>', 'only this target; may be repeated (default: all)', collectValues, [])
    .addOption(
      new Option(
        '-f, --format <format>',
        `${formats.slice(0, -1).join(', ')} or ${last} (default: text); json is one document on stdout`,
      )
        .choices([...formats])
        .default('text'),
    )
    .option('--no-color', 'no colour; NO_COLOR and FORCE_COLOR are obeyed as well')
    .option('-q, --quiet', 'print results and errors, no warnings and no progress', false)
    .addOption(
      new Option(
        '--log-level <level>',
        'error (as --quiet), warn (no progress), info (default) or debug (requests in full)',
      )
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .helpOption('-h, --help', 'show this help');
}

/** A relative path is relative to the folder of `where`. */
export function addPlanFlags(command: Command, where: Pick<Terminal, 'cwd'>): Command {
  return command
    .optionsGroup('What to plan:')
    .option('--prune', 'delete objects of the project that no longer have a manifest', false)
    .option('--adopt', 'take over existing objects that have the name of a manifest', false)
    .option('--trust-secrets', 'record secrets never sent from here, instead of sending them once', false)
    .option(
      '--rebind <target>',
      'go on with this target although it is another account than the ledger remembers; may be repeated',
      collectValues,
      [],
    )
    .option(
      '--at <commit>',
      "go back: the project file and manifests of this commit, with today's ledger and secrets",
    )
    .optionsGroup('In CI, where the files may come from a pull request:')
    .option(
      '--allow-host <host>',
      "send credentials to this host too, not only to vendors' own",
      collectValues,
      [],
    )
    .option('--allow-commands', 'run the commands of fromCommand', false)
    .optionsGroup('Files outside the project:')
    .addOption(allowFileOption(where));
}

/** `--allow-file`, whose values are absolute. */
export function allowFileOption(where: Pick<Terminal, 'cwd'>): Option {
  return new Option(
    '--allow-file <path>',
    'a file or folder outside the project that fromFile and caFile may name; may be repeated',
  )
    .argParser((path: string, earlier: string[]) => [...earlier, resolve(where.cwd, path)])
    .default([]);
}

/** A whole number from 0 on. */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  return Number(text);
}

/** Of apply and watch: how long to wait for a ledger that another apply holds. */
export function lockTimeoutOption(): Option {
  return new Option(
    '--lock-timeout <time>',
    'wait so long for the ledger while another apply holds it (default: 0, refused at once)',
  )
    .argParser(parseLockTimeout)
    .default(0, '0');
}

const LONGEST_WAIT_MS = 24 * 3_600_000;

function parseLockTimeout(text: string): number {
  const ms = text === '0' ? 0 : parseDuration(text);
  if (ms <= LONGEST_WAIT_MS) return ms;
  throw new InvalidArgumentError('It takes 0, or a number with ms, s, m or h, such as 5m; up to 24h.');
}

/** A port to listen on. */
export function parsePort(text: string): number {
  const number = parseCount(text);
  if (number > 65_535) throw new InvalidArgumentError('Ports end at 65535.');
  return number;
}

export function parseFingerprint(text: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError(
      'It looks like sha256:… with 64 hexadecimal digits; llmform plan prints it.',
    );
  }
  return text;
}

/** Of a flag that may be repeated. */
export function collectValues(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
