import type { UnknownMembers } from '../../shape.js';

/** Switches for open questions in Flashback's public facts; each default is the most plausible reading. */
export interface FlashbackOptions {
  /**
   * `docs`: endpoint and secret are required, `apiKeyUuid` is unknown. `client`: as in the vendor's newer client,
   * `apiKeyUuid` may replace the two. Default client.
   */
  contract: 'client' | 'docs';
  /** A name that the workspace has already: documented as unique, the status is not. `success-false` is in a 200. Default 400. */
  duplicateName: 400 | 409 | 'success-false';
  /** Every refusal but 401 as `success: false` in a 200, as the validate operation does. Default false. */
  refusesWith200: boolean;
  /** The value that `key` reads as when there is one: both are documented, the mask is not. Default masked. */
  keyReadsAs: 'masked' | 'null';
  /** `workspaceId` in an update; in no schema. Default reject. */
  workspaceIdOnUpdate: 'reject' | 'ignore';
  /** `null` for endpoint, key or secret on update: in the client's types only. Default reject. */
  nullOnUpdate: 'reject' | 'clear' | 'ignore';
  /** An empty update; undocumented. Default reject. */
  emptyUpdate: 'reject' | 'noop';
  /** The workspaces the caller can reach; null is whichever is named. Others answer 403. Default null. */
  workspaces: readonly string[] | null;
  /**
   * Members that are in no schema; undocumented. Default reject, because an emulator that ignores a misspelt
   * field hides the mistake it is there to find. keep: a newer server has fields of these names.
   */
  unknownMembers: UnknownMembers;
}

export function flashbackOptions(): FlashbackOptions {
  return {
    contract: 'client',
    duplicateName: 400,
    refusesWith200: false,
    keyReadsAs: 'masked',
    workspaceIdOnUpdate: 'reject',
    nullOnUpdate: 'reject',
    emptyUpdate: 'reject',
    workspaces: null,
    unknownMembers: 'reject',
  };
}
