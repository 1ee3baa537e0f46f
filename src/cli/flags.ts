import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PlanOptions } from '../model/plan.js';

export type Format = 'text' | 'json' | 'markdown' | 'github';

/** The flags that every command about a project takes. */
export interface CommonFlags {
  config: string;
  target: string[];
  format: Format;
  color: boolean;
  quiet: boolean;
  verbose: boolean;
}

export interface PlanFlags extends CommonFlags {
  prune: boolean;
  adopt: boolean;
  trustSecrets: boolean;
  detailedExitcode: boolean;
  out?: string;
}

export interface ApplyFlags extends PlanFlags {
  autoApprove: boolean;
  fingerprint?: string;
  maxDelete?: number;
  maxDeletePercent?: number;
  maxUpdatePercent?: number;
}

export function addCommonFlags(command: Command, formats: readonly Format[]): Command {
  return command
    .option('-c, --config <file>', 'project file', 'llmform.yaml')
    .option('-t, --target <name>', 'only this target (repeatable)', collect, [])
    .addOption(new Option('-f, --format <format>', 'output format').choices([...formats]).default('text'))
    .option('--no-color', 'no colour, as the variable NO_COLOR')
    .option('-q, --quiet', 'print results and errors only', false)
    .addOption(
      new Option('--log-level <level>', 'debug shows every request in full')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    );
}

export function addPlanFlags(command: Command): Command {
  return command
    .option('--prune', 'delete objects of ours that have no manifest any more', false)
    .option('--adopt', 'take over existing objects that bear the name of a manifest', false)
    .option(
      '--trust-secrets',
      'record secrets that were never sent from here instead of sending them once',
      false,
    );
}

export function planOptions({ target, prune, adopt, trustSecrets }: PlanFlags): PlanOptions {
  return { targets: target, prune, adopt, trustSecrets };
}

/** A whole number from 0 on. */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  return Number(text);
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
