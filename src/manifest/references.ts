import { type Address, formatAddress } from '../model/address.js';
import { quoteName } from '../model/format-path.js';
import { isObject } from '../model/json.js';
import { formatPointer } from '../model/pointer.js';
import { didYouMean } from '../model/suggest.js';
import { type Reference, reportReferenceCycles } from './cycles.js';
import type { AddLateFinding } from './late-findings.js';
import type { ManifestDraft } from './read-manifest.js';

/** Checks that every `{ ref: Kind/name }` leads to a manifest of the right kind, and that none lead round in a circle. */
export function checkReferences(drafts: readonly ManifestDraft[], addFinding: AddLateFinding): void {
  const byAddress = new Map(drafts.map((draft) => [draft.manifest.address, draft]));
  const guesses = new Map<Address, string>();
  const references = new Map<ManifestDraft, Reference[]>();
  for (const from of drafts) {
    for (const { path, ref, refersTo } of referencesOf(from)) {
      const to = followReference(from, ref, refersTo, path, byAddress, guesses, addFinding);
      if (to === undefined) from.valid = false;
      else references.set(from, [...(references.get(from) ?? []), { from, to, path }]);
    }
  }
  reportReferenceCycles(drafts, references, addFinding);
}

function referencesOf({ kind, manifest }: ManifestDraft): { path: string; ref: string; refersTo: string }[] {
  // Most manifests hold no reference at all, so the rules are asked last.
  return Object.keys(manifest.spec).flatMap((field) => {
    const value = manifest.spec[field];
    if (!isObject(value) || typeof value.ref !== 'string') return [];
    const refersTo = Object.hasOwn(kind.rules.fields, field) ? kind.rules.fields[field]?.refersTo : undefined;
    return refersTo === undefined
      ? []
      : [{ path: formatPointer(['spec', field, 'ref']), ref: value.ref, refersTo }];
  });
}

function followReference(
  from: ManifestDraft,
  ref: string,
  refersTo: string,
  path: string,
  byAddress: ReadonlyMap<Address, ManifestDraft>,
  guesses: Map<Address, string>,
  addFinding: AddLateFinding,
): ManifestDraft | undefined {
  const [kind = '', name = ''] = ref.split('/');
  const { target } = from.manifest;
  const address = formatAddress(target, kind, name);
  if (kind !== refersTo) {
    addFinding(from, {
      code: 'reference',
      summary: `a ${refersTo} is needed here, but ${quoteName(ref)} refers to another kind`,
      detail: `Write { ref: ${refersTo}/<name> }, with the metadata.name of a ${refersTo} on the target ${target}.`,
      path,
    });
    return undefined;
  }
  const to = byAddress.get(address);
  if (to !== undefined) return to;
  let guess = guesses.get(address);
  if (guess === undefined) {
    const siblings = [...byAddress.values()].filter(
      (d) => d.manifest.target === target && d.kind.name === kind,
    );
    guess = didYouMean(
      ref,
      siblings.map((sibling) => `${kind}/${sibling.manifest.name}`),
    );
    guesses.set(address, guess);
  }
  addFinding(from, {
    code: 'reference',
    summary: `${quoteName(ref)} refers to nothing: there is no manifest for ${address}`,
    detail: `${guess}A reference leads to a manifest of the same target: add it, or correct the name.`,
    path,
  });
  return undefined;
}
