import { relative, resolve, sep } from 'node:path';
import type { LedgerPlace, Project } from '../model/project.js';

/** A ledger's place, as messages name it. */
export function describePlace(place: LedgerPlace): string {
  return place.type === 'git' ? `${place.ref}:${place.path}` : place.path;
}

/** The ledger's place, as messages name it. */
export function describeLedgerPlace({ ledger }: Pick<Project, 'ledger'>): string {
  return describePlace(ledger);
}

/** The same as `--from` of `llmform ledger migrate` takes it. */
export function spellPlace(place: LedgerPlace): string {
  return place.type === 'git' ? `git:${place.ref}` : `file:${place.path}`;
}

export function isSamePlace(one: LedgerPlace, other: LedgerPlace, folder: string): boolean {
  if (one.type === 'file')
    return other.type === 'file' && resolve(folder, one.path) === resolve(folder, other.path);
  if (other.type === 'file') return false;
  return one.ref === other.ref && one.path === other.path && one.remote === other.remote;
}

/** The path of a ledger file from the project's folder on, as git takes it. */
export function pathInProject(folder: string, path: string): string {
  return relative(folder, resolve(folder, path)).replaceAll(sep, '/');
}
