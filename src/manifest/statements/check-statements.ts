import type { Address } from '../../model/address.js';
import { parseAddress } from '../../model/address.js';
import { listNames, quoteName } from '../../model/format-path.js';
import type { Project } from '../../model/project.js';
import { type ForgetStatement, forgets, type MovedStatement } from '../../model/statements.js';
import { didYouMean } from '../../model/suggest.js';
import { addFinding } from '../yaml/findings.js';
import type { StatementDraft, StatementDrafts } from './read-statements.js';

/** A manifest as far as statements are about it. */
export interface DeclaredObject {
  address: Address;
  id?: string | undefined;
  /** Its file and line, as messages name it. */
  where: string;
}

/**
 * Compares the statements of a project with each other and with its manifests.
 * @param whole every document among the manifests has an address, so that one that is missing is really missing
 */
export function checkStatements(
  drafts: StatementDrafts,
  project: Project,
  declared: readonly DeclaredObject[],
  whole: boolean,
): void {
  reportRepeated(drafts);
  const manifests = new Map(declared.map((one) => [one.address, one]));
  for (const draft of drafts.bind) checkBind(draft, drafts, manifests, project, whole);
  for (const draft of drafts.moved) checkMoved(draft, drafts, manifests, project, whole);
  for (const draft of drafts.forget) checkForget(draft, declared);
}

/** Two statements about one thing contradict each other, or one of them says nothing. */
function reportRepeated({ bind, moved, forget }: StatementDrafts): void {
  const lists: { draft: StatementDraft<object>; key: string; what: string }[] = [
    ...bind.map((draft) => ({
      draft,
      key: `bind ${draft.statement.address}`,
      what: `bind ${draft.statement.address}`,
    })),
    ...[...moved.map((draft) => ({ draft, from: draft.statement.from, what: draft.statement.what }))].map(
      ({ draft, from, what }) => ({ draft, key: `${what} ${from}`, what: `move ${from}` }),
    ),
    ...forget.map((draft) => ({
      draft,
      key: `${draft.statement.what} ${draft.statement.name}`,
      what: `forget ${draft.statement.name}`,
    })),
  ];
  const first = new Map<string, (typeof lists)[number]>();
  for (const one of lists) {
    const before = first.get(one.key);
    if (before === undefined) {
      first.set(one.key, one);
      continue;
    }
    addFinding(one.draft.place, {
      code: 'duplicate',
      summary: `a second statement for ${one.key.slice(one.key.indexOf(' ') + 1)}; the first is in ${placeOf(before.draft)}`,
      detail:
        one.what === before.what
          ? 'Remove one of the two.'
          : `One says "${before.what}", the other "${one.what}": remove one of the two.`,
      path: one.draft.path,
      part: 'key',
    });
  }
}

function placeOf({ place, path }: StatementDraft<object>): string {
  return `${place.source.file}:${place.document.locate(path, 'key').line}`;
}

function checkBind(
  { statement, place, path }: StatementDrafts['bind'][number],
  { bind }: StatementDrafts,
  manifests: ReadonlyMap<Address, DeclaredObject>,
  project: Project,
  whole: boolean,
): void {
  const { address, id } = statement;
  const { target, kind } = parseAddress(address);
  const manifest = manifests.get(address);
  if (manifest === undefined) {
    const known = project.targets.map(({ name }) => name);
    if (!known.includes(target)) addFinding(place, unknownTarget(target, known, path));
    else if (whole) {
      addFinding(place, {
        code: 'reference',
        summary: `there is no manifest for ${address}, which is bound here`,
        detail: `${didYouMean(address, manifests.keys())}Correct the address, or remove this line.`,
        path,
        part: 'key',
      });
    }
    return;
  }
  if (manifest.id !== undefined && manifest.id !== id) {
    addFinding(place, {
      severity: 'warning',
      code: 'duplicate',
      summary: `this id is not used: metadata.id in ${manifest.where} names another object for ${address}`,
      detail: 'metadata.id comes before bind. Remove one of the two.',
      path,
    });
  }
  const within = `${target}/${kind}/`;
  const other =
    bind.find((one) => one.statement.id === id && one.statement.address.startsWith(within))?.statement
      .address ?? address;
  const named = [...manifests.values()].find(
    (one) => one.id === id && one.address !== address && one.address.startsWith(within),
  );
  if (other === address && named === undefined) return;
  addFinding(place, {
    code: 'duplicate',
    summary: `${address} is bound to the same object as ${named?.address ?? other}`,
    detail: 'One object can have one manifest: correct one of the ids.',
    path,
  });
}

function checkMoved(
  { statement, place, path }: StatementDrafts['moved'][number],
  drafts: StatementDrafts,
  manifests: ReadonlyMap<Address, DeclaredObject>,
  project: Project,
  whole: boolean,
): void {
  const { what, to } = statement;
  // A place that something moved on from need not exist any more.
  if (drafts.moved.some((other) => isAbout(other.statement, what, to))) return;
  if (drafts.forget.some((other) => forgetsPlace(other.statement, what, to))) return;
  const at = `${path}/to`;
  if (what === 'project') {
    if (to === project.name) return;
    addFinding(place, {
      code: 'unknown',
      summary: `moved to project ${quoteName(to)}, and this project is ${quoteName(project.name)}`,
      detail: `Write \`to: project ${project.name}\`.`,
      path: at,
    });
    return;
  }
  const known = project.targets.map(({ name }) => name);
  const target = what === 'target' ? to : parseAddress(to).target;
  if (!known.includes(target)) addFinding(place, unknownTarget(target, known, at));
  else if (what === 'object' && whole && !manifests.has(to)) {
    addFinding(place, {
      severity: 'warning',
      code: 'reference',
      summary: `moved to ${to}, for which there is no manifest`,
      detail: `${didYouMean(to, manifests.keys())}The object is an orphan there. Correct the address, or remove this statement once it is applied everywhere.`,
      path: at,
    });
  }
}

function isAbout(statement: MovedStatement, what: MovedStatement['what'], name: string): boolean {
  if (statement.what === what) return statement.from === name;
  return statement.what === 'target' && what === 'object' && name.startsWith(`${statement.from}/`);
}

function forgetsPlace(statement: ForgetStatement, what: MovedStatement['what'], name: string): boolean {
  if (what === 'object') return forgets(statement, name);
  return what === 'target' && (statement.what === 'all' || statement.name === name);
}

/** The manifest would bring the object back in the same run. */
function checkForget(
  { statement, place, path }: StatementDrafts['forget'][number],
  declared: readonly DeclaredObject[],
): void {
  const kept = declared.filter(({ address }) => forgets(statement, address));
  const [first] = kept;
  if (first === undefined) return;
  const more = kept.length === 1 ? '' : ` and ${kept.length - 1} more`;
  addFinding(place, {
    code: 'reference',
    summary: `${quoteName(statement.name)} cannot be forgotten: there is a manifest for ${first.address}${more}`,
    detail: `It is in ${first.where}. Remove the manifest in the same commit, or take this out.`,
    path,
  });
}

function unknownTarget(target: string, known: readonly string[], path: string) {
  return {
    code: 'unknown' as const,
    summary: `unknown target ${quoteName(target)}`,
    detail: `${didYouMean(target, known)}Targets of the project: ${listNames(known)}.`,
    path,
  };
}
