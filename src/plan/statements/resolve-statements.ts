import { type Address, parseAddress } from '../../model/address.js';
import { type Diagnostic, error } from '../../model/diagnostic.js';
import type { Intent, Ledger, LedgerEntry, TargetBinding } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Project } from '../../model/project.js';
import {
  type ContestedMove,
  type ForgottenObject,
  forgets,
  type MovedStatement,
  movedKey,
  type ResolvedStatements,
  type Statements,
} from '../../model/statements.js';
import { clientIdFor } from '../match/identity.js';
import { createFollower, followProject, type Places } from './follow-moves.js';

/** The surroundings of statements. */
export interface StatementContext {
  project: Project;
  manifests: readonly Pick<Manifest, 'address'>[];
  /** The selected targets; empty means all. What concerns another one waits for a run that selects it. */
  selected: readonly string[];
  /** Addresses, old or new, that are left as they are this time. */
  held?: ReadonlySet<Address>;
}

/** A ledger as the statements say that it is to be read, and what each of them did to it. */
export interface StatedLedger {
  ledger: Ledger;
  resolved: ResolvedStatements;
}

/** Reads a ledger through the statements. The ledger itself stays as it is. A statement that finds nothing does nothing. */
export function resolveStatements(
  ledger: Ledger,
  { bind, moved, forget }: Statements,
  context: StatementContext,
): StatedLedger {
  const { project, manifests, selected, held } = context;
  const targets = new Set(project.targets.map(({ name }) => name));
  const isSelected = (target: string) =>
    selected.length === 0 || selected.includes(target) || !targets.has(target);
  const places: Places = { declared: new Set(manifests.map(({ address }) => address)), targets };
  const pending = moved.filter((one) => ledger.moved?.includes(movedKey(one)) !== true);
  const follow = createFollower(pending, places);
  const forgottenBy = (address: Address) =>
    isSelected(parseAddress(address).target) && held?.has(address) !== true
      ? forget.find((one) => forgets(one, address))
      : undefined;
  const unsettled = new Set<MovedStatement>();

  /** The address of an entry after this run. */
  const placeOf = (address: Address): Address => {
    const { address: to, by } = follow(address);
    if (to === address) return address;
    const waits =
      !isSelected(parseAddress(address).target) ||
      !isSelected(parseAddress(to).target) ||
      held?.has(to) === true;
    if (!waits) return to;
    for (const one of by) unsettled.add(one);
    return address;
  };

  const forgotten: ForgottenObject[] = [];
  const contested: ContestedMove[] = [];
  const movedFrom = new Map<Address, string>();
  const ids = { ...ledger.ids };
  const free = (address: Address, { id }: LedgerEntry) => {
    const count = ids[address] ?? 0;
    if (id === clientIdFor(ledger.project, address, count)) ids[address] = count + 1;
  };
  const entries = Object.entries(ledger.objects);
  const objects: Record<Address, LedgerEntry> = {};
  const moving: { from: Address; to: Address; entry: LedgerEntry }[] = [];
  const renames = ledger.project !== project.name;
  for (const [address, entry] of entries) {
    const statement = forgottenBy(address);
    if (statement !== undefined) {
      forgotten.push({ address, entry, source: statement.source });
      free(address, entry);
      continue;
    }
    const to = placeOf(address);
    if (to !== address) moving.push({ from: address, to, entry });
    else objects[address] = entry;
    if (renames) movedFrom.set(to, `${ledger.project}/${address}`);
  }
  for (const { from, to, entry } of moving) {
    const taken = objects[to];
    const { by } = follow(from);
    if (taken !== undefined) {
      const [statement] = by;
      if (statement !== undefined)
        contested.push({ from, to, ids: [entry.id, taken.id], source: statement.source });
      for (const one of by) unsettled.add(one);
      objects[from] ??= entry;
      continue;
    }
    objects[to] = entry;
    if (!renames) movedFrom.set(to, from);
    free(from, entry);
  }

  const intents: Record<Address, Intent> = {};
  for (const [address, intent] of Object.entries(ledger.intents)) {
    if (forgottenBy(address) !== undefined) continue;
    const to = placeOf(address);
    intents[Object.hasOwn(ledger.intents, to) || Object.hasOwn(ledger.objects, to) ? address : to] = intent;
  }
  const bindings = moveBindings(ledger, pending, isSelected, project);
  const waiting = pending.filter(
    (one) => unsettled.has(one) || (one.what !== 'project' && !isSelected(targetIn(one))),
  );
  const remembered = moved.filter((one) => !waiting.includes(one)).map(movedKey);
  const stated: Ledger = { ...ledger, project: project.name, objects, intents, targets: bindings.targets };
  if (Object.keys(ids).length > 0) stated.ids = ids;
  if (remembered.length > 0) stated.moved = remembered.sort();
  else delete stated.moved;
  const followMark = createFollower(moved, places);
  return {
    ledger: stated,
    resolved: {
      bound: new Map(bind.map((one) => [one.address, one])),
      movedFrom,
      forgotten,
      contested,
      diagnostics: bindings.diagnostics,
      addressOf: (mark) => {
        const slash = mark.indexOf('/');
        if (followProject(mark.slice(0, slash), moved) !== project.name) return undefined;
        return followMark(mark.slice(slash + 1)).address;
      },
      forgottenBy,
    },
  };
}

function targetIn({ what, to }: MovedStatement): string {
  return what === 'object' ? parseAddress(to).target : to;
}

/** The account behind a target goes along with its name. What is of another account cannot have moved there. */
function moveBindings(
  { targets }: Pick<Ledger, 'targets'>,
  moved: readonly MovedStatement[],
  isSelected: (target: string) => boolean,
  project: Project,
): { targets: Record<string, TargetBinding>; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const result = { ...targets };
  const renamed = moved.filter(({ what, to }) => what === 'target' && isSelected(to));
  for (const { from } of renamed) delete result[from];
  for (const { from, to, source } of renamed) {
    const binding = targets[from];
    if (binding === undefined) continue;
    const there = result[to];
    if (there === undefined) result[to] = binding;
    else if (there.vendor !== binding.vendor || there.baseUrl !== binding.baseUrl)
      diagnostics.push(otherAccount(from, to, source));
  }
  for (const { what, from, to, source } of moved) {
    const [was, is] = [parseAddress(from).target, parseAddress(to).target];
    if (what !== 'object' || was === is) continue;
    const binding = targets[was];
    const target = project.targets.find(({ name }) => name === is);
    if (binding === undefined || target === undefined) continue;
    if (binding.vendor !== target.vendor || binding.baseUrl !== target.baseUrl)
      diagnostics.push(otherAccount(from, to, source));
  }
  return { targets: result, diagnostics };
}

function otherAccount(from: string, to: string, source: MovedStatement['source']): Diagnostic {
  return error('ledger', `${from} cannot have moved to ${to}, which is another account`, {
    detail:
      'A move keeps the object where it is at the vendor, under another name here. Let go of the old one with `forget`, and have the new one created or bound.',
    ...source,
  });
}
