import { InvalidArgumentError } from 'commander';
import type { CommonFlags } from './flags.js';

/** The flags of every command about the ledger. */
export interface LedgerFlags extends CommonFlags {
  allowHost: string[];
  allowCommands: boolean;
  allowFile: string[];
}

export interface UnlockFlags extends LedgerFlags {
  autoApprove: boolean;
}

export interface MigrateFlags extends UnlockFlags {
  from?: LedgerSource;
  sign: boolean;
  unsign: boolean;
  acceptOlder: boolean;
}

/** A ledger's place as a flag names it. */
export type LedgerSource = { type: 'file'; path?: string } | { type: 'git'; ref?: string };

/** Reads `file[:PATH]` or `git[:REF]`. */
export function parseLedgerSource(text: string): LedgerSource {
  const [, type, rest] = /^(file|git)(?::(.+))?$/s.exec(text) ?? [];
  if (type === 'file') return { type, ...(rest !== undefined && { path: rest }) };
  if (type === 'git' && (rest === undefined || /^refs\/[\w./-]+$/.test(rest)))
    return { type, ...(rest !== undefined && { ref: rest }) };
  throw new InvalidArgumentError(
    'It takes file, file:PATH, git or git:REF, such as file:.llmform/ledger.json or git:refs/llmform/ledger.',
  );
}
