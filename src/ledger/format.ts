import { DiagnosticError, error } from '../model/diagnostic.js';
import { stringifyExact } from '../model/exact-json.js';
import { type Checked, checkShape, parseForeignJson } from '../model/foreign-json.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { Ledger } from '../model/ledger.js';
import { carryOver, type LedgerV1 } from './carry-over.js';
import { findIdFaultIn } from './check-ids.js';
import { validate } from './ledger.schema.generated.js';
import { isSignatureOf, signText } from './signature.js';

const FORMAT_VERSION = 2;

/** The text of a ledger file: sorted keys and one member a line, so that version control shows what changed. */
export function formatLedger({ objects, intents, carriedFrom: _, ...others }: Ledger): string {
  const members = { ...others, objects: SECTION, intents: SECTION } as unknown as JsonObject;
  const [head = '', first, between = '', second, tail = ''] = stringifyExact(sorted(members), 2).split(
    SECTIONS,
  );
  const sections: Record<string, string[]> = { objects: section(objects), intents: section(intents) };
  const contentOf = (name = '') => sections[name] ?? [];
  // One text made at once: it may have megabytes, and each copy of it is that much more memory.
  return [head, ...contentOf(first), between, ...contentOf(second), tail, '\n'].join('');
}

/**
 * The text of a ledger that is about to be saved: that of `formatLedger`, with the serial counted up, here and in the
 * ledger, and signed where there is a key. A text is megabytes, so without a key it is not made a second time.
 */
export function countSave(ledger: Ledger, text: string, key?: string): string {
  const member = `\n  "serial": `;
  const start = text.lastIndexOf(`${member}${ledger.serial}`);
  const end = start + member.length + String(ledger.serial).length;
  const wasSigned = ledger.signature !== undefined;
  ledger.serial += 1;
  delete ledger.carriedFrom;
  delete ledger.signature;
  if (key === undefined && !wasSigned)
    return `${text.slice(0, start)}${member}${ledger.serial}${text.slice(end)}`;
  const unsigned = formatLedger(ledger);
  if (key === undefined) return unsigned;
  ledger.signature = signText(unsigned, key);
  return formatLedger(ledger);
}

/** Tells if a ledger as it was read has the signature that this key makes. */
export function isSignedWith(key: string, { signature, ...signed }: Ledger): boolean {
  return signature !== undefined && isSignatureOf(formatLedger(signed), key, signature);
}

const SECTION = '(section)';
const SECTIONS = /(?<=^ {2}"(objects|intents)": )"\(section\)"/m;

/** Entry by entry, each worked out once: a ledger of thousands is saved again after every few objects. */
function section(entries: Readonly<Record<string, object>>): string[] {
  const keys = Object.keys(entries).sort();
  if (keys.length === 0) return ['{}'];
  const lines = keys.flatMap((key, i) => [
    i === 0 ? '{\n    ' : ',\n    ',
    JSON.stringify(key),
    ': ',
    entryText(entries[key] ?? {}),
  ]);
  lines.push('\n  }');
  return lines;
}

const texts = new WeakMap<object, string>();

function entryText(entry: object): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = stringifyExact(sorted(entry as Json), 2).replaceAll('\n', '\n    ');
  texts.set(entry, text);
  return text;
}

/**
 * The ledger a text holds, also of an earlier format. A damaged one is an error and never taken for an empty one.
 */
export function parseLedger(text: string, display: string): Ledger {
  const value = unlessDamaged(parseForeignJson(text), display);
  const version = isObject(value) ? value.formatVersion : undefined;
  if (typeof version === 'number' && version > FORMAT_VERSION) throw newer(display, version);
  const stored = unlessDamaged(checkShape<Ledger | LedgerV1>(value, validate), display);
  const ledger = stored.formatVersion === 1 ? carryOver(stored) : stored;
  const fault = findIdFaultIn(ledger);
  if (fault !== undefined) throw damaged(display, fault);
  return ledger;
}

function unlessDamaged<T>(checked: Checked<T>, display: string): T {
  if ('fault' in checked) throw damaged(display, checked.fault);
  return checked.value;
}

/** `Object.fromEntries` makes own members also of names such as `__proto__`, which assignment would not. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return value;
  const members = Object.keys(value).sort();
  return Object.fromEntries(members.map((key) => [key, sorted(value[key] ?? null)]));
}

function damaged(display: string, fault: string): DiagnosticError {
  return new DiagnosticError(
    error('ledger', `the ledger ${display} is damaged: ${fault}`, {
      detail:
        `Restore ${display} from version control or a backup. If there is none, move it aside and run ` +
        '`llmform plan --adopt`, then `llmform apply --adopt`: nothing at the vendors is lost.',
      file: display,
    }),
  );
}

function newer(display: string, version: number): DiagnosticError {
  return new DiagnosticError(
    error(
      'ledger',
      `the ledger ${display} has format version ${version}; this llmform knows version ${FORMAT_VERSION}`,
      { detail: 'A newer llmform wrote it: upgrade llmform.', file: display },
    ),
  );
}
