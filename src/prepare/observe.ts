import { isWithin } from '../model/address.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { findVendor } from '../model/find-kind.js';
import { entriesOf } from '../model/ledger.js';
import type { Observed } from '../model/observed.js';
import type { Connect, EnginePorts, Reader } from '../model/ports.js';
import type { SecretReference, Target } from '../model/project.js';
import { describeSecretSource } from '../model/secret-source.js';
import type { Kind, Live, Vendor } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { accountIn, type BindingConflict, findBindingConflict } from '../plan/target-bindings.js';
import { withholdSecretIds } from './check-ids.js';
import { proveListing, readListing } from './list-objects.js';
import { completeById } from './read-if-present.js';
import { unknownFields, withUnknownFields } from './unknown-fields.js';

export interface Observation<Connection extends Reader = Reader> {
  observed: Observed[];
  /** One diagnostic for each target that could not be read; nothing is planned for those. */
  unreadable: Diagnostic[];
  /** One diagnostic for each target that is another account than before; nothing is planned for those, and apply refuses. */
  refused: Diagnostic[];
  /** The connections, by target, still open. */
  readers: Map<string, Connection>;
}

/** Reads the live state of every target that has a manifest or a ledger entry, all its kinds, all targets at once. */
export async function observe<Connection extends Reader>(
  desiredState: DesiredState,
  ports: EnginePorts,
  open: Connect<Connection>,
  rebind: readonly string[] = [],
): Promise<Observation<Connection>> {
  const readers = new Map<string, Connection>();
  const unreadable: Diagnostic[] = [];
  const refused: Diagnostic[] = [];
  const isOther = (target: Target, account?: string) => {
    if (rebind.includes(target.name)) return false;
    const conflict = findBindingConflict(desiredState.ledger, target, account);
    if (conflict !== undefined) refused.push(otherAccount(conflict, desiredState));
    return conflict !== undefined;
  };
  const observed = await Promise.all(
    desiredState.targets.map(async (target): Promise<Observed[]> => {
      const vendor = findVendor(ports.vendors, target.vendor);
      const kinds = vendor === undefined ? [] : neededKinds(vendor, target.name, desiredState);
      if (vendor === undefined || kinds.length === 0) return [];
      const others = vendor.kinds.filter((kind) => !kinds.includes(kind));
      // Another host is not even shown the credential.
      if (isOther(target)) return [];
      try {
        const reader = open(target, vendor, await ports.secrets.resolve(target.auth));
        readers.set(target.name, reader);
        const look = async (own: Kind): Promise<Observed> => {
          const of = desiredState.manifests.filter((m) => m.target === target.name && m.kind === own.name);
          const kind = withUnknownFields(own, unknownFields(of));
          return { target, kind, ...(await listKind(kind, target.name, reader, desiredState, ports)) };
        };
        const [needed, counted] = await Promise.all([
          Promise.all(kinds.map(look)),
          Promise.all(others.map((kind) => look(kind).catch(nothingIfUnreadable))),
        ]);
        const scopes = [...needed, ...counted.flat()];
        return isOther(target, accountIn(scopes)) ? [] : scopes;
      } catch (error) {
        unreadable.push(unreadableTarget(target.name, target.auth, vendor, error));
        return [];
      }
    }),
  );
  return { observed: observed.flat(), unreadable, refused, readers };
}

/** A kind that nothing is declared of is read only to count what is there: a key may lack the right to it. */
function nothingIfUnreadable(fault: unknown): [] {
  if (fault instanceof VendorError) return [];
  throw fault;
}

/** The kinds with manifests or anything in the ledger, and those that refer to them: they may hold on to an id. */
function neededKinds(
  vendor: Vendor,
  target: string,
  { manifests, ledger, statements }: DesiredState,
): Kind[] {
  const names = new Set(manifests.filter((m) => m.target === target).map((m) => m.kind));
  for (const kind of vendor.kinds) {
    const remembered = [ledger.objects, ledger.intents].flatMap((of) =>
      entriesOf<unknown>(of, target, kind.name),
    );
    const forgotten =
      statements?.forgotten.some(({ address }) => isWithin(address, target, kind.name)) === true;
    if (remembered.length > 0 || forgotten) names.add(kind.name);
  }
  const refers = (kind: Kind) =>
    Object.values(kind.rules.fields).some((rule) => rule.refersTo !== undefined && names.has(rule.refersTo));
  return vendor.kinds.filter((kind) => names.has(kind.name) || refers(kind));
}

async function listKind(
  kind: Kind,
  target: string,
  reader: Reader,
  desiredState: DesiredState,
  { secrets }: EnginePorts,
): Promise<{ live: Live[]; cost: number }> {
  const { read } = reader;
  const listing = await readListing(kind, read);
  const known = knownIds(kind, target, desiredState);
  let live = await completeById(kind, listing.live, known, read);
  if (needsAbsence(kind, target, live, desiredState)) {
    const proven = await proveListing(kind, read, listing);
    if (proven !== listing.live) live = await completeById(kind, proven, known, read);
  }
  return { live: withholdSecretIds(live, known, secrets), cost: listing.requests };
}

/**
 * Tells if the plan depends on an object not being there: one to create or to look for by mark or name, one that is
 * gone, or one that a create may have left. Where everything is found by its id, a listing that moved hides nothing.
 */
function needsAbsence(
  kind: Kind,
  target: string,
  live: readonly Live[],
  { manifests, ledger }: DesiredState,
): boolean {
  const found = new Set(live.map(({ id }) => id));
  const isFound = (id: string | undefined) => id !== undefined && found.has(id);
  return (
    entriesOf(ledger.intents, target, kind.name).length > 0 ||
    entriesOf(ledger.objects, target, kind.name).some(([, entry]) => !isFound(entry.id)) ||
    manifests.some(
      (manifest) =>
        manifest.target === target &&
        manifest.kind === kind.name &&
        !isFound(manifest.id ?? ledger.objects[manifest.address]?.id),
    )
  );
}

/** Ids that ought to be there: from the ledger, from `metadata.id` and from `bind`. */
function knownIds(kind: Kind, target: string, { manifests, ledger, statements }: DesiredState): Set<string> {
  const recorded = entriesOf(ledger.objects, target, kind.name);
  const bound = manifests.filter((m) => m.target === target && m.kind === kind.name);
  const named = bound.flatMap(({ id, address }) => id ?? statements?.bound.get(address)?.id ?? []);
  const forgotten = (statements?.forgotten ?? []).filter(({ address }) =>
    isWithin(address, target, kind.name),
  );
  return new Set([
    ...recorded.map(([, entry]) => entry.id),
    ...named,
    ...forgotten.map(({ entry }) => entry.id),
  ]);
}

function otherAccount(
  { target, differs, was, is }: BindingConflict,
  { project, ledger }: DesiredState,
): Diagnostic {
  const remembered = entriesOf(ledger.objects, target).length;
  return error(
    'ledger',
    `target ${target} is another account than before: its ${differs} was ${was}, and is ${is}`,
    {
      detail: `${remembered} of its objects are remembered there. Give a new account a name of its own under targets; for a target that was renamed, write \`moved\` into a Ledger document.`,
      file: project.file,
      needs: { allow: 'rebind', target },
    },
  );
}

function unreadableTarget(target: string, auth: SecretReference, vendor: Vendor, fault: unknown): Diagnostic {
  if (fault instanceof DiagnosticError) {
    const [first] = fault.diagnostics;
    return error('credential', `target ${target} has no credential: ${fault.message}`, {
      detail: `${vendor.title} needs ${vendor.credential}.${first?.detail === undefined ? '' : ` ${first.detail}`}`,
    });
  }
  if (!(fault instanceof VendorError)) throw fault;
  const where = fault.operation === '' ? '' : ` (${fault.operation})`;
  const denied = fault.code === 'unauthorized' || fault.code === 'forbidden';
  return error(
    denied ? 'credential' : 'vendor',
    `target ${target} cannot be read: ${fault.message}${where}`,
    {
      detail: denied
        ? `Check ${describeSecretSource(auth)}: ${vendor.title} needs ${vendor.credential}.`
        : 'Nothing was planned for this target.',
    },
  );
}
