import type { Address } from './address.js';
import { assertNever } from './assert-never.js';
import { quoteName } from './format-path.js';
import { type GuardRefusal, guardText } from './guard.js';

/**
 * Why apply leaves a change alone. The reasons are a closed list, and a public one: schemas/plan.schema.json names all of
 * them, and scripts branch on them.
 */
export type Blocked =
  /** An object of this name exists and was not adopted. */
  | { reason: 'not-adopted' }
  /** The object has the ownership mark of another project, or none where it should have ours. */
  | { reason: 'foreign'; mark?: string }
  /** `lifecycle.preventDestroy`. */
  | { reason: 'protected'; from: 'delete' | 'replace' }
  /** `references`: other objects of the target refer to it. `vendor`: the vendor says so itself, and would refuse. */
  | { reason: 'in-use'; by: readonly string[]; known: 'references' | 'vendor' }
  /** The name that it is to get can have one object only, and another one keeps it. */
  | { reason: 'in-use'; known: 'name'; name: string; holder: NameHolder }
  /** Top-level fields that differ on an object to be adopted, and that no update can change. */
  | { reason: 'immutable'; fields: readonly string[] }
  | HeldBack;

/** The object that keeps a name. */
export interface NameHolder {
  /** Of one that has a manifest, or had one. */
  address?: Address;
  /** Absent for one that is yet to be created. */
  id?: string;
  why: HolderReason;
}

type HolderReason =
  /** Its manifest says so, or does not manage the name. */
  | 'kept'
  /** No manifest covers it. */
  | 'unmanaged'
  /** It has no manifest any more, and is not deleted. */
  | 'orphan'
  /** It would give the name up, and is blocked itself. */
  | 'left-alone'
  /** It would give the name up, and waits for the object that takes it. */
  | 'swap'
  /** It is to get the name as well. */
  | 'claimed';

/** Why watch leaves a change alone this time. */
export type HeldBack = (
  | { reason: 'mode'; mode: 'observe' | 'heal' }
  /** The windows in which watch may write, in words. None of them is open. */
  | { reason: 'window'; windows: readonly string[] }
  | { reason: 'guard'; refusal: GuardRefusal }
  /** Fields that something else keeps changing back; a path of `''` is the whole object. */
  | { reason: 'fight'; address: Address; paths: readonly string[]; times: number }
) & {
  /** Held back only because it depends on this change, which is held back for that reason. */
  dependsOn?: Address;
};

/** The reason in words, without a full stop. Every door says it like this. */
export function blockedText(blocked: Blocked): string {
  if ('dependsOn' in blocked && blocked.dependsOn !== undefined) return `${blocked.dependsOn} is held back`;
  switch (blocked.reason) {
    case 'not-adopted':
      return 'an object of this name exists and is not managed by llmform yet: run with --adopt to take it over';
    case 'foreign':
      return foreignText(blocked);
    case 'protected':
      return PROTECTED[blocked.from];
    case 'in-use':
      if (blocked.known === 'name') return heldNameText(blocked.name, blocked.holder);
      return `still used by ${blocked.by.join(', ')}${blocked.known === 'vendor' ? ': the vendor would refuse' : ''}`;
    case 'immutable':
      return `${blocked.fields.join(', ')} cannot be changed on an existing object: make the manifest agree with it`;
    case 'mode':
      return blocked.mode === 'observe'
        ? 'the mode is observe: nothing is written'
        : 'the mode is heal: nothing is deleted or replaced';
    case 'window':
      return `no sync window is open (${blocked.windows.join('; ')})`;
    case 'guard':
      return guardText(blocked.refusal);
    case 'fight':
      return fightText(blocked);
    default:
      return assertNever(blocked);
  }
}

function foreignText({ mark }: Extract<Blocked, { reason: 'foreign' }>): string {
  return mark === undefined
    ? 'it has no ownership mark, so that only the ledger says whose it is: with a manifest, --adopt takes it over'
    : `it is marked as ${mark}, by another project: run with --adopt to take it over`;
}

function heldNameText(name: string, { address, id, why }: NameHolder): string {
  const object = address === undefined ? id : id === undefined ? address : `${address} (${id})`;
  if (why === 'claimed') return `${object} is to get the name ${quoteName(name)} as well`;
  return `the name ${quoteName(name)} is that of ${object}, which ${HELD[why]}`;
}

const HELD: Readonly<Record<Exclude<HolderReason, 'claimed'>, string>> = {
  kept: 'keeps it: give one of them another name',
  unmanaged: 'no manifest covers: choose another name, or rename or delete that one',
  orphan:
    'has no manifest any more: if it was renamed, say so with `moved`; else delete it first with --prune',
  'left-alone': 'is left alone itself',
  swap: 'waits for this object in turn',
};

const PROTECTED = {
  delete:
    'protected by lifecycle.preventDestroy: apply a manifest with preventDestroy: false first, then remove it',
  replace:
    'protected by lifecycle.preventDestroy, and it would have to be replaced: set that to false to allow it',
} as const;

function fightText({ address, paths, times }: Extract<HeldBack, { reason: 'fight' }>): string {
  const what = paths.map((path) => path || 'the whole object').join(', ');
  return `${address}: something else keeps changing ${what}, which was healed ${times} times within an hour`;
}
