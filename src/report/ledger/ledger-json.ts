import type { Diagnostic } from '../../model/diagnostic.js';
import type { Ledger, LedgerEntry } from '../../model/ledger.js';
import { diagnosticDocument } from '../diagnostics/diagnostics-json.js';
import { formatJson } from '../format/json-text.js';

/** A ledger as it is shown, with the place that it is kept at. */
export interface ShownLedger {
  place: string;
  ledger: Ledger;
  /** The addresses that are shown, in their order. */
  addresses: readonly string[];
  diagnostics: readonly Diagnostic[];
}

/** An entry that was checked against the vendor. */
export interface CheckedEntry {
  address: string;
  vendor: string;
  id: string;
  verdict: string;
  reason?: string;
}

export interface ShownCheck {
  place: string;
  entries: readonly CheckedEntry[];
  diagnostics: readonly Diagnostic[];
}

/** `llmform ledger list` as a document. */
export function ledgerJson({ place, ledger, addresses, diagnostics }: ShownLedger): string {
  const { project, lineage, serial, signature, carriedFrom } = ledger;
  return formatJson({
    formatVersion: '1',
    project,
    place,
    // One of format 1 gets them when it is written next.
    ...(carriedFrom === undefined && { lineage, serial }),
    signed: signature !== undefined,
    objects: addresses.flatMap((address) => {
      const entry = ledger.objects[address];
      if (entry === undefined) return [];
      const { id, vendor, at, run } = entry;
      return [{ address, id, vendor, at, run }];
    }),
    diagnostics: diagnostics.map(diagnosticDocument),
  });
}

/** `llmform ledger show` as a document: the entry as the ledger has it. */
export function entryJson(address: string, entry: LedgerEntry, diagnostics: readonly Diagnostic[]): string {
  const { vendor, id, at, run, preventDestroy, formerly, retired } = entry;
  const { applied, before, released, notPersisted } = entry;
  return formatJson({
    formatVersion: '1',
    ...{ address, vendor, id, at, run, preventDestroy, formerly, retired },
    ...{ applied, before, released, notPersisted },
    diagnostics: diagnostics.map(diagnosticDocument),
  });
}

/** `llmform ledger verify` as a document. */
export function checkJson({ place, entries, diagnostics }: ShownCheck): string {
  const ok = entries.filter(({ verdict }) => verdict === 'ok').length;
  return formatJson({
    formatVersion: '1',
    place,
    summary: { ok, wrong: entries.length - ok },
    entries: entries.map(({ address, vendor, id, verdict, reason }) => ({
      address,
      vendor,
      id,
      verdict,
      reason,
    })),
    diagnostics: diagnostics.map(diagnosticDocument),
  });
}

/** The end of `llmform ledger unlock`. */
export interface Unlocked {
  place: string;
  /** Undefined where it was not locked. */
  holder: string | undefined;
  removed: boolean;
}

export function unlockJson({ place, holder, removed }: Unlocked): string {
  return formatJson({
    formatVersion: '1',
    place,
    locked: holder !== undefined,
    holder,
    removed,
    diagnostics: [],
  });
}

/** The end of `llmform ledger migrate`. */
export interface ShownMigration {
  from: string;
  to: string;
  objects: number;
  serial: number;
  signed: boolean;
  diagnostics: readonly Diagnostic[];
}

export function migrationJson({ from, to, objects, serial, signed, diagnostics }: ShownMigration): string {
  return formatJson({
    formatVersion: '1',
    ...{ from, to, objects, serial, signed },
    diagnostics: diagnostics.map(diagnosticDocument),
  });
}
