import type { Ledger, TargetBinding } from '../model/ledger.js';
import type { Observed } from '../model/observed.js';
import type { Target } from '../model/project.js';

/** The account that a target leads to now, as the project file says. */
export type BoundTarget = Pick<Target, 'name' | 'vendor' | 'baseUrl'>;

/** A target that is another account than the one whose objects the ledger remembers under its name. */
export interface BindingConflict {
  target: string;
  differs: 'vendor' | 'base URL' | 'account';
  was: string;
  is: string;
}

/** Compares a target with what the ledger knows of it; without an account, only what the project file says. */
export function findBindingConflict(
  { targets }: Pick<Ledger, 'targets'>,
  { name, vendor, baseUrl }: BoundTarget,
  account?: string,
): BindingConflict | undefined {
  const known = targets[name];
  if (known === undefined) return undefined;
  const conflict = (differs: BindingConflict['differs'], was: string, is: string) => ({
    target: name,
    differs,
    was,
    is,
  });
  if (known.vendor !== vendor) return conflict('vendor', known.vendor, vendor);
  if (known.baseUrl !== baseUrl) return conflict('base URL', known.baseUrl, baseUrl);
  if (account === undefined || known.account === undefined || known.account === account) return undefined;
  return conflict('account', known.account, account);
}

/**
 * Remembers what a target is; returns whether that has to be saved. An account that is not told now stays known, and one that
 * is told later is saved with the next thing that is.
 */
export function bindTarget(
  ledger: Pick<Ledger, 'targets'>,
  { name, vendor, baseUrl }: BoundTarget,
  account?: string,
): boolean {
  const before = ledger.targets[name];
  const same = before?.vendor === vendor && before.baseUrl === baseUrl;
  const told = account ?? (same ? before.account : undefined);
  if (same && before.account === told) return false;
  const binding: TargetBinding = { vendor, baseUrl, ...(told !== undefined && { account: told }) };
  ledger.targets = { ...ledger.targets, [name]: binding };
  return !same;
}

/** The account that all objects of a target belong to; undefined where no answer tells, or they tell several. */
export function accountIn(scopes: readonly Pick<Observed, 'live'>[]): string | undefined {
  const accounts = new Set(scopes.flatMap(({ live }) => live.flatMap(({ account }) => account ?? [])));
  return accounts.size === 1 ? [...accounts][0] : undefined;
}
