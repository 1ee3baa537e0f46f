import type { UnknownMembers } from '../../shape.js';

/** Switches for open questions in GoodMem's public facts; each default is the most plausible reading. */
export interface GoodmemOptions {
  /** Which generation of the API: C (2026) adds `DASHSCOPE`, `includeCredentials` and `label[<key>]`. Default C. */
  generation: 'B' | 'C';
  /** Status of a successful create; undocumented. Default 200. */
  createStatus: 200 | 201;
  /** Status of a successful delete; 204 in old server code. Default 204. */
  deleteStatus: 200 | 204;
  /** The value that an unset optional field reads as: null on the recorded server, `""` for text on a sibling resource. Default null. */
  unset: 'null' | 'empty' | 'absent';
  /** Numbers, booleans, labels and times as strings, as the oldest reference page shows them. Default false. */
  legacyStrings: boolean;
  /** A capability flag that an update leaves out; undocumented, the vendor says to send all six. Default reject. */
  missingCapability: 'reject' | 'false' | 'keep';
  /** `defaultSamplingParams` on update; undocumented. Default replace. */
  samplingOnUpdate: 'replace' | 'merge';
  /** `null` on update where the schema allows it; old server code takes it for absent. Default keep. */
  nullOnUpdate: 'keep' | 'clear' | 'reject';
  /** An update without effect; undocumented, the wording implies a check. Default reject (400). */
  emptyUpdate: 'reject' | 'noop';
  /** An update that makes two LLMs the same; undocumented, old code answers 500. Default conflict (409). */
  duplicateOnUpdate: 'conflict' | 'crash' | 'allow';
  /** True if `endpointUrl` is stored in the canonical form that it is compared in; undocumented. Default false. */
  storesCanonicalUrl: boolean;
  /** Ids that the list leaves out, as it does with what the caller may not list, and that GET still returns. */
  hiddenFromList: Set<string>;
  /** True if answers hold `credentials` with their secret, as later examples of generation B show. Default false. */
  echoesCredentials: boolean;
  /** Limits of labels: 20 entries is documented, the rest is enforced with undocumented numbers. */
  labels: { max: number; key: RegExp; longestValue: number };
  /** The target of a redirect of every request (307, with the path added); null for none. Default null. */
  redirectTo: string | null;
  /** Body of an error; reference pages show none, old server code sends `error`. Default error. */
  errorBody: 'error' | 'message' | 'text' | 'empty';
  /**
   * Members that are in no schema; undocumented. Default reject, because an emulator that ignores a misspelt
   * field hides the mistake it is there to find. keep: a newer server has fields of these names.
   */
  unknownMembers: UnknownMembers;
}

export function goodmemOptions(): GoodmemOptions {
  return {
    generation: 'C',
    createStatus: 200,
    deleteStatus: 204,
    unset: 'null',
    legacyStrings: false,
    missingCapability: 'reject',
    samplingOnUpdate: 'replace',
    nullOnUpdate: 'keep',
    emptyUpdate: 'reject',
    duplicateOnUpdate: 'conflict',
    storesCanonicalUrl: false,
    hiddenFromList: new Set(),
    echoesCredentials: false,
    labels: { max: 20, key: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/, longestValue: 255 },
    redirectTo: null,
    errorBody: 'error',
    unknownMembers: 'reject',
  };
}
