import { SENSITIVE, substituteField } from '../diff/substitute.js';
import type { Address } from '../model/address.js';
import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import type { Json } from '../model/json.js';
import type { Manifest } from '../model/manifest.js';
import type { SecretReference } from '../model/project.js';
import type { KindRules } from '../model/vendor.js';
import type { Digests, Intention, World } from './world.js';

export interface ResolvedSecrets {
  /** Digests of the desired write-only fields; a field whose secret could not be resolved is missing. */
  writeOnly: Map<Address, Map<string, string>>;
  /** One for each field whose secret could not be resolved, as errors. */
  diagnostics: Diagnostic[];
  /** The value of a reference that was resolved. */
  reveal(reference: SecretReference): string;
}

/** Resolves every secret of the manifests, each once, before anything is written. */
export async function resolveSecrets(
  { manifests }: Intention,
  world: World,
  digests: Digests,
): Promise<ResolvedSecrets> {
  const fields = manifests.flatMap((manifest) => writeOnlyFields(manifest, world));
  const references = new Map(fields.flatMap((field) => field.references).map((r) => [keyOf(r), r]));
  const resolved = new Map<string, Resolved>();
  await Promise.all(
    [...references].map(async ([key, reference]) => {
      resolved.set(key, await resolve(reference, world, digests));
    }),
  );

  const writeOnly = new Map<Address, Map<string, string>>();
  const diagnostics: Diagnostic[] = [];
  for (const { manifest, rules, name, value, references: own } of fields) {
    const problem = own.map((r) => resolved.get(keyOf(r))?.problem).find((text) => text !== undefined);
    if (problem !== undefined) {
      diagnostics.push(unresolved(manifest, name, problem));
      continue;
    }
    const hash = (reference: SecretReference) => resolved.get(keyOf(reference))?.hash ?? '';
    const digest = digests.plain(substituteField(name, value, rules, { id: () => SENSITIVE, secret: hash }));
    const found = writeOnly.get(manifest.address) ?? new Map<string, string>();
    writeOnly.set(manifest.address, found.set(name, digest));
  }
  return { writeOnly, diagnostics, reveal: (reference) => reveal(resolved.get(keyOf(reference))) };
}

interface Resolved {
  value?: string;
  hash?: string;
  problem?: string;
}

async function resolve(reference: SecretReference, world: World, digests: Digests): Promise<Resolved> {
  try {
    const value = await world.secrets.resolve(reference);
    return { value, hash: await digests.secret(value) };
  } catch (error) {
    if (error instanceof DiagnosticError) return { problem: error.message };
    throw error;
  }
}

function reveal(resolved: Resolved | undefined): string {
  if (resolved?.value === undefined) throw new Error('a secret was asked for that was not resolved');
  return resolved.value;
}

interface WriteOnlyField {
  manifest: Manifest;
  rules: KindRules;
  name: string;
  value: Json;
  references: SecretReference[];
}

function writeOnlyFields(manifest: Manifest, { vendors }: World): WriteOnlyField[] {
  const kinds = vendors.find(({ id }) => id === manifest.vendor)?.kinds ?? [];
  const rules = kinds.find(({ name }) => name === manifest.kind)?.rules;
  if (rules === undefined) return [];
  return Object.entries(rules.fields).flatMap(([name, rule]) => {
    const value = manifest.spec[name];
    if (rule.writeOnly !== true || value === undefined) return [];
    return [{ manifest, rules, name, value, references: referencesIn(name, value, rules) }];
  });
}

function referencesIn(name: string, value: Json, rules: KindRules): SecretReference[] {
  const references: SecretReference[] = [];
  const secret = (reference: SecretReference) => {
    references.push(reference);
    return SENSITIVE;
  };
  substituteField(name, value, rules, { id: () => SENSITIVE, secret });
  return references;
}

function keyOf(reference: SecretReference): string {
  return JSON.stringify(reference);
}

function unresolved(manifest: Manifest, field: string, reason: string): Diagnostic {
  return {
    severity: 'error',
    code: 'secret',
    summary: `${field} of ${manifest.address} (target ${manifest.target}) cannot be resolved: ${reason}`,
    detail: 'Whether it changed is unknown without it, and apply needs it before it writes anything.',
    ...manifest.source,
    address: manifest.address,
    path: `/spec/${field}`,
  };
}
