import { canonicalJson, type JsonObject } from '../../src/model/json.js';
import { idIn, type Subject, TARGET } from '../contract/subject.js';
import { filesIn, leaksIn } from '../support/leaks.js';
import { OTHER_SECRET, type Run, type Sandbox, SECRET, variableOf } from '../support/sandbox.js';
import type { Cell } from './cells.js';

/** Somebody else's objects, by kind and id. */
export type Bystanders = ReadonlyMap<string, string>;

/** Every object that is not in the ledger. */
export function bystandersIn(subject: Subject, sandbox: Sandbox): Bystanders {
  const ours = recordedIds(sandbox);
  return new Map([...everything(subject, sandbox)].filter(([key]) => !ours.has(key)));
}

/** What the user reads has to be plain, whole and about the right thing. */
export function readings({ fault, operation, subject }: Cell, { out, err }: Run, told: boolean): string[] {
  const text = out + err;
  const wrong: string[] = [];
  if (text.trim() === '') wrong.push('nothing is said');
  if (!text.includes(TARGET)) wrong.push(`neither the object nor the target is named: ${text}`);
  if (/^\s*at .*\.[jt]s:\d/m.test(text)) wrong.push(`a stack trace: ${text}`);
  if (/<html|<!doctype|<body/i.test(text)) wrong.push(`raw HTML: ${text}`);
  if (/undefined|\[object |NaN|went wrong: |UND_ERR|ECONN/.test(text)) wrong.push(`not plain words: ${text}`);
  if (told && !fault.says.test(text)) wrong.push(`it does not say ${fault.says}: ${text}`);
  const denied = fault.name === '401' || fault.name === '403';
  if (denied && operation.name === 'list' && !text.includes(variableOf(TARGET))) {
    wrong.push(`the variable of the credential is not named: ${text}`);
  }
  // The address is named wherever something was planned.
  if (operation.name !== 'list' && !text.includes(`${subject.kind.name}/`)) wrong.push('no object is named');
  return wrong;
}

/** Natural names that several objects bear. Of what is replaced by a new version there may be an old one meanwhile. */
export function doubled({ subject, operation }: Cell, sandbox: Sandbox): string[] {
  const versions = operation.name === 'update' && subject.kind.rules.writes === 'new-version';
  const ours = recordedIds(sandbox);
  const counts = new Map<string, number>();
  for (const object of subject.objects(sandbox)) {
    if (versions && !ours.has(`${subject.kind.name} ${idIn(subject, object)}`)) continue;
    const name = canonicalJson(subject.kind.rules.naturalName.map((field) => object[field] ?? null));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => `${name} is there ${count} times`);
}

/** After a clean end: the ledger and the vendor agree to the object, and nobody else's was touched. */
export function lost({ subject, operation }: Cell, sandbox: Sandbox, others: Bystanders): string[] {
  const wrong: string[] = [];
  const ledger = sandbox.ledger();
  const there = everything(subject, sandbox);
  const ours = recordedIds(sandbox);
  const wanted = [...subject.needed, ...operation.after(subject)].length;
  if (ours.size !== wanted) wrong.push(`the ledger knows ${ours.size} objects instead of ${wanted}`);
  for (const key of ours) if (!there.has(key)) wrong.push(`${key} is in the ledger and not there`);
  for (const key of there.keys()) {
    if (!ours.has(key) && !others.has(key)) wrong.push(`${key} is in no ledger`);
  }
  for (const [key, before] of others) {
    if (there.get(key) !== before) wrong.push(`${key} is somebody else's and was touched`);
  }
  if (Object.keys(ledger.intents).length > 0) wrong.push('an intent is left');
  if (Object.values(ledger.objects).some(({ retired }) => retired !== undefined))
    wrong.push('a version is left');
  return [...wrong, ...stale(subject, operation.after(subject), sandbox)];
}

/** A second plan cannot see secrets: whether the right ones have arrived. */
function stale({ kind, address }: Subject, manifests: readonly JsonObject[], sandbox: Sandbox): string[] {
  if (!Object.values(kind.rules.fields).some(({ secrets }) => secrets !== undefined)) return [];
  return manifests.flatMap((manifest) => {
    const name = String(Object(manifest.metadata).name);
    const value = JSON.stringify(manifest.spec).includes('"OTHER_SECRET"') ? OTHER_SECRET : SECRET;
    const { id = '' } = sandbox.ledger().objects[address(name)] ?? {};
    const kept = JSON.stringify(sandbox.emulator.secrets(kind.name, id));
    return kept.includes(JSON.stringify(value)) ? [] : [`${name} does not hold its secret`];
  });
}

/** Everything that was printed and every file of the project. */
export function secretsLeft(sandbox: Sandbox, said: readonly Run[]): string[] {
  const printed = said.map(({ out, err }, i): [string, string] => [`output ${i + 1}`, out + err]);
  const secrets = Object.values(sandbox.env).filter((value) => value !== undefined);
  const texts = new Map([...printed, ...filesIn(sandbox.folder)]);
  return leaksIn(texts, secrets).map((name) => `a secret is in ${name}`);
}

function everything({ vendor, kind, fixture }: Subject, { emulator }: Sandbox): Map<string, string> {
  const kinds = new Set([kind.name, ...(fixture.needs ?? []).map((one) => one.kind)]);
  return new Map(
    vendor.kinds
      .filter(({ name }) => kinds.has(name))
      .flatMap(({ name }) => emulator.objects(name).map((object) => ({ name, object })))
      .map(({ name, object }) => [`${name} ${String(object[fixture.idField])}`, JSON.stringify(object)]),
  );
}

function recordedIds(sandbox: Sandbox): Set<string> {
  const entries = Object.entries(sandbox.ledger().objects);
  return new Set(entries.map(([address, { id }]) => `${address.split('/')[1]} ${id}`));
}
