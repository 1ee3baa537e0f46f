import { secretReferences } from '../diff/sensitive.js';
import type { Address } from '../model/address.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { findKind } from '../model/find-kind.js';
import type { Json } from '../model/json.js';
import { isKept } from '../model/kept-secrets.js';
import type { Manifest } from '../model/manifest.js';
import { warnAboutSecret } from '../model/odd-secret.js';
import type { Digests, EnginePorts, Secrets } from '../model/ports.js';
import type { SecretReference } from '../model/project.js';
import type { KindRules } from '../model/vendor.js';
import { SENSITIVE, substituteField } from '../plan/substitute.js';

export interface ResolvedSecrets extends Pick<Secrets, 'mask' | 'clean'> {
  /** Digests of the desired write-only fields; a field whose secret could not be resolved is missing. */
  writeOnly: Map<Address, Map<string, string>>;
  /** One for each field whose secret could not be resolved, as errors; of a prepared plan only where it is sent. */
  diagnostics: Diagnostic[];
  /** About secrets that were resolved and look odd. */
  warnings: Diagnostic[];
  /** The value of a reference that was resolved. */
  reveal(reference: SecretReference): string;
}

/** Resolves every secret of the manifests, each once, before anything is written. */
export async function resolveSecrets(
  { manifests }: DesiredState,
  ports: EnginePorts,
  digests: Digests,
): Promise<ResolvedSecrets> {
  const { fields, distinct } = writeOnlyFields(manifests, ports);
  const references = new Map(distinct.flatMap((field) => field.references).map((r) => [keyOf(r), r]));
  const resolved = new Map<string, ResolvedReference>();
  await Promise.all(
    [...references].map(async ([key, reference]) => {
      resolved.set(key, await resolveReference(reference, ports, digests));
    }),
  );

  const writeOnly = new Map<Address, Map<string, string>>();
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const digested = new Map(distinct.map((field) => [field, digestField(field, resolved, digests)]));
  for (const { manifest, field } of fields) {
    const { digest, problem } = digested.get(field) ?? {};
    if (problem !== undefined) diagnostics.push(unresolvedWarning(manifest, field.name, problem));
    warnings.push(...oddSecrets(manifest, field, resolved));
    if (digest === undefined) continue;
    const found = writeOnly.get(manifest.address) ?? new Map<string, string>();
    writeOnly.set(manifest.address, found.set(field.name, digest));
  }
  return {
    writeOnly,
    diagnostics,
    warnings,
    mask: ports.secrets.mask,
    clean: ports.secrets.clean,
    reveal: (reference) => secretValue(resolved.get(keyOf(reference))),
  };
}

interface FieldDigest {
  digest?: string;
  problem?: Diagnostic;
}

function digestField(
  { rules, name, value, references }: WriteOnlyField,
  resolved: ReadonlyMap<string, ResolvedReference>,
  digests: Digests,
): FieldDigest {
  const problem = references.map((r) => resolved.get(keyOf(r))?.problem).find((text) => text !== undefined);
  if (problem !== undefined) return { problem };
  const hash = (reference: SecretReference) => resolved.get(keyOf(reference))?.hash ?? '';
  const digested = substituteField(name, value, rules, { id: () => SENSITIVE, secret: hash });
  return { digest: digests.plain(digested) };
}

interface ResolvedReference {
  value?: string;
  hash?: string;
  problem?: Diagnostic | undefined;
}

async function resolveReference(
  reference: SecretReference,
  ports: EnginePorts,
  digests: Digests,
): Promise<ResolvedReference> {
  try {
    const value = await ports.secrets.resolve(reference);
    return { value, hash: await digests.secret(value) };
  } catch (error) {
    if (error instanceof DiagnosticError) return { problem: error.diagnostics[0] };
    throw error;
  }
}

function secretValue(resolved: ResolvedReference | undefined): string {
  if (resolved?.value === undefined) throw new Error('a secret was asked for that was not resolved');
  return resolved.value;
}

/** A field that is never read back, with a value that any number of objects may have. */
interface WriteOnlyField {
  rules: KindRules;
  name: string;
  value: Json;
  references: SecretReference[];
}

/** The write-only fields in the order of the manifests. Thousands of them share a few values, each worked out once. */
function writeOnlyFields(
  manifests: readonly Manifest[],
  { vendors }: EnginePorts,
): { fields: { manifest: Manifest; field: WriteOnlyField }[]; distinct: WriteOnlyField[] } {
  const known = new Map<string, WriteOnlyField>();
  const fields: { manifest: Manifest; field: WriteOnlyField }[] = [];
  const namesOf = new Map<KindRules, string[]>();
  for (const manifest of manifests) {
    const rules = findKind(vendors, manifest)?.rules;
    if (rules === undefined) continue;
    const names = namesOf.get(rules) ?? writeOnlyNames(rules);
    namesOf.set(rules, names);
    for (const name of names) {
      const value = manifest.spec[name];
      const rule = rules.fields[name];
      if (value === undefined || isKept(rule, value)) continue;
      const key = JSON.stringify([manifest.vendor, manifest.kind, name, value]);
      const field = known.get(key) ?? {
        rules,
        name,
        value,
        references: secretReferences(rule, value),
      };
      known.set(key, field);
      fields.push({ manifest, field });
    }
  }
  return { fields, distinct: [...known.values()] };
}

function writeOnlyNames({ fields }: KindRules): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.writeOnly === true);
}

function oddSecrets(
  { source, address }: Manifest,
  { name, references }: WriteOnlyField,
  resolved: ReadonlyMap<string, ResolvedReference>,
): Diagnostic[] {
  return references.flatMap((reference) => {
    const { value } = resolved.get(keyOf(reference)) ?? {};
    if (value === undefined) return [];
    return warnAboutSecret(value, reference, { ...source, address, path: `/spec/${name}` }) ?? [];
  });
}

function keyOf(reference: SecretReference): string {
  return JSON.stringify(reference);
}

function unresolvedWarning(manifest: Manifest, field: string, { summary, detail }: Diagnostic): Diagnostic {
  return error('secret', `${field} of ${manifest.address} cannot be resolved: ${summary}`, {
    detail,
    ...manifest.source,
    address: manifest.address,
    path: `/spec/${field}`,
  });
}
