import type { LedgerEntry } from '../../model/ledger.js';
import { printable } from '../../model/text.js';
import { countNoun } from '../format/counts.js';
import type { ShownCheck, ShownLedger } from './ledger-json.js';

/** `llmform ledger list` for people: a line for each object, and what the ledger is. */
export function ledgerText({ place, ledger, addresses }: ShownLedger): string {
  const rows = addresses.map((address) => {
    const { id = '', vendor = '', at = '', run = '' } = ledger.objects[address] ?? {};
    return [address, id, vendor, at, run];
  });
  const signed = ledger.signature === undefined ? '' : ', signed';
  const serial = ledger.carriedFrom === undefined ? `serial ${ledger.serial}` : 'format 1';
  const head = `${countNoun(addresses.length, 'object')} of ${printable(ledger.project)} in ${printable(place)}, ${serial}${signed}.\n`;
  return rows.length === 0 ? head : `${columns(rows)}\n${head}`;
}

/** `llmform ledger show` for people. */
export function entryText(address: string, entry: LedgerEntry): string {
  const { id, vendor, at, run, preventDestroy, formerly, retired } = entry;
  const facts: [string, string | undefined][] = [
    ['id', id],
    ['vendor', vendor],
    ['written', at],
    ['run', run],
    ['protected', preventDestroy && 'yes, by lifecycle.preventDestroy'],
    ['ids before', formerly?.join(', ')],
    ['versions to remove', retired?.join(', ')],
  ];
  const rows = facts.flatMap(([name, value]) => (value === undefined ? [] : [[`  ${name}`, value]]));
  const sections: [string, Readonly<Record<string, string>> | undefined][] = [
    ['last applied', entry.applied],
    ['before the first apply', entry.before],
    ['released, and left as applied', entry.released],
    ['not kept by the vendor', entry.notPersisted],
  ];
  return [
    `${printable(address)}\n`,
    columns(rows),
    ...sections.flatMap(([name, values = {}]) => {
      const lines = Object.keys(values)
        .sort()
        .map((pointer) => [`    ${pointer}`, storedText(values[pointer] ?? '')]);
      return lines.length === 0 ? [] : [`  ${name}:\n`, columns(lines)];
    }),
  ].join('');
}

/** `llmform ledger verify` for people: what is wrong, then the count. */
export function checkText({ entries, place }: ShownCheck): string {
  const wrong = entries.filter(({ verdict }) => verdict !== 'ok');
  const lines = wrong.map(({ address, id, verdict, reason = '' }) => [verdict, address, id, reason]);
  const ok = `${entries.length - wrong.length} of ${countNoun(entries.length, 'entry').replace(/entrys$/, 'entries')}`;
  const tail = `${ok} in ${printable(place)} ${entries.length === 1 ? 'is' : 'are'} as the vendor has ${entries.length === 1 ? 'it' : 'them'}.\n`;
  return lines.length === 0 ? tail : `${columns(lines)}\n${tail}`;
}

/** Short values are kept as they are, after a `=`; of the others there is a digest. */
function storedText(stored: string): string {
  return stored.startsWith('=') ? stored.slice(1) : '(digest)';
}

function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
