import fc from 'fast-check';
import { createBaselines } from '../../src/diff/baseline.js';
import { formatAddress } from '../../src/model/address.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Intent, LedgerEntry } from '../../src/model/ledger.js';
import type { Manifest } from '../../src/model/manifest.js';
import type { Kind, Live, Vendor } from '../../src/model/vendor.js';
import { clientIdFor, ownershipMarkFor } from '../../src/plan/match/identity.js';
import type { MatchInput } from '../../src/plan/match/live-index.js';
import { digest, projectOf, target } from '../support/kinds.js';
import { ledgerOf } from '../support/ledger.js';
import type { Subject } from './subjects.js';

export const PROJECT = 'mine';
export const TARGET = 'here';
const NAMES = ['one', 'two', 'three'];

/** A scene but for its kind, which says nothing when it is printed. */
export interface Setting extends MatchInput {
  live: Live[];
}

/**
 * Manifests, a listing and a ledger that contradict each other in every way: few names, few ids and few marks, so that
 * they meet often.
 */
export function matchInputsOf({ vendor, kind }: Subject): fc.Arbitrary<Setting> {
  const addresses = NAMES.map((name) => formatAddress(TARGET, kind.name, name));
  const ids = ['id-1', 'id-2', 'id-3', clientIdFor(PROJECT, addresses[0] ?? '')];
  const id = fc.constantFrom(...ids);
  const often = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
  return fc
    .record({
      manifests: fc.tuple(...NAMES.map((name) => often(manifest(name, vendor, kind, id)))),
      live: fc.tuple(...ids.map((one) => often(liveObject(one, kind, addresses)))),
      entries: fc.tuple(...addresses.map(() => often(id))),
      intents: fc.tuple(...addresses.map(() => often(fc.subarray(ids)))),
    })
    .map(({ manifests, live, entries, intents }): Setting => {
      const objects: Record<string, LedgerEntry> = {};
      const open: Record<string, Intent> = {};
      addresses.forEach((address, i) => {
        const [entry, known] = [entries[i], intents[i]];
        if (entry !== undefined) objects[address] = { vendor: vendor.id, id: entry, applied: {} };
        if (known !== undefined) open[address] = { vendor: vendor.id, known };
      });
      return {
        project: projectOf({ name: PROJECT }),
        targets: [target],
        manifests: manifests.filter((one) => one !== undefined),
        live: live.filter((one) => one !== undefined),
        ledger: ledgerOf({ project: PROJECT, objects, intents: open }),
        baselines: createBaselines({ digest }),
      };
    });
}

function manifest(
  name: string,
  vendor: Vendor,
  kind: Kind,
  id: fc.Arbitrary<string>,
): fc.Arbitrary<Manifest> {
  const bound = fc.oneof(fc.constant(undefined), fc.constant(undefined), id);
  return fc.tuple(title, bound, fc.boolean()).map(([text, given, preventDestroy]) => ({
    address: formatAddress(TARGET, kind.name, name),
    target: TARGET,
    vendor: vendor.id,
    kind: kind.name,
    name,
    ...(given !== undefined && { id: given }),
    preventDestroy,
    ignoreChanges: [],
    spec: titled(kind, text),
    source: { file: 'a.yaml', line: NAMES.indexOf(name) * 10 + 1 },
  }));
}

function liveObject(id: string, kind: Kind, addresses: readonly string[]): fc.Arbitrary<Live> {
  const marks = [
    undefined,
    ...addresses.map((address) => ownershipMarkFor(PROJECT, address)),
    'theirs/here/LLM/one',
    `${PROJECT}/elsewhere/LLM/one`,
  ];
  return fc.tuple(title, fc.constantFrom(...marks)).map(([text, mark]) => {
    const place = kind.rules.mark;
    const marked = place === undefined || mark === undefined ? {} : { [place.field]: { [place.key]: mark } };
    return { id, spec: { ...titled(kind, text), ...marked } };
  });
}

const title = fc.constantFrom('A', 'B');

function titled(kind: Kind, text: string): JsonObject {
  return Object.fromEntries(kind.rules.naturalName.map((field) => [field, text]));
}
