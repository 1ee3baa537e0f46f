import type { UnknownMembers } from '../../shape.js';

/** Switches for open questions in Anam's public facts; each default is the most plausible reading. */
export interface AnamOptions {
  /** Page size without `perPage`; 10 in sibling endpoints and in the sample. Default 10. */
  defaultPerPage: number;
  /** Largest `perPage`; 100 in sibling endpoints. Default 100. */
  maxPerPage: number;
  /** A larger `perPage`: 400, or taken as the largest. Undocumented. Default reject. */
  perPageOverLimit: 'reject' | 'clamp';
  /** `meta.lastPage` of an empty listing; undocumented. Default 1. */
  lastPageOfEmpty: 0 | 1;
  /** The objects that are listed without `includeDefaults`; undocumented. Default true, so that a forgotten parameter shows. */
  includeDefaults: boolean;
  /** True if a shared LLM of another organization is listed even with `includeDefaults=false`; undocumented. Default false. */
  listsGlobals: boolean;
  /** Order of the listing; undocumented. `shifting` moves it by one with every page, so that one object comes twice and another never. Default oldest-first. */
  order: 'oldest-first' | 'newest-first' | 'shifting';
  /**
   * The event after the first of several pages, before the next is served: another user adds an object, deletes the
   * oldest or does both, so that the total stays, or the order moves by one. Default nothing.
   */
  betweenPages: 'nothing' | 'insert' | 'delete' | 'replace' | 'shuffle';
  /** How many listings `betweenPages` still disturbs; each takes one off. Default all. */
  disturbedListings: number;
  /** `metadata` on update; undocumented. Default replace. */
  metadataOnUpdate: 'replace' | 'merge';
  /**
   * `temperature`, `maxTokens`, `deploymentName`, `apiVersion`, `displayTags` and `region` on writing: readable, in no
   * request schema, the first of them in both samples. Default store.
   */
  unlisted: 'store' | 'drop' | 'reject';
  /** `urls` on update: in no schema. Default reject. */
  urlsOnUpdate: 'reject' | 'ignore' | 'accept';
  /** `url` on update of an LLM that has several `urls`; undocumented. Default replace-all. */
  urlOnSeveral: 'replace-all' | 'replace-first' | 'reject';
  /** True if `region: "default"` is filled in, as a sample of another endpoint hints. Default false. */
  fillsRegion: boolean;
  /**
   * The value of an optional field that was never sent; undocumented. `sample` is as in the published sample: null
   * and `{}`, no reasoning fields. Default sample.
   */
  unset: 'sample' | 'null' | 'absent' | 'empty';
  /** An empty update is valid by schema; its effect is undocumented. Default noop. */
  emptyUpdate: 'noop' | 'reject';
  /**
   * Body of an error: none is declared. `error` and `details` are the shapes of neighbours in the same spec, `message`
   * is what the vendor's SDK reads first; `details` also mirrors the request. Default error.
   */
  errorBody: 'error' | 'message' | 'details' | 'empty' | 'html';
  /**
   * Members that occur nowhere; undocumented. Default reject, because an emulator that ignores a misspelt
   * field hides the mistake it is there to find. keep: a newer server has fields of these names.
   */
  unknownMembers: UnknownMembers;
}

export function anamOptions(): AnamOptions {
  return {
    defaultPerPage: 10,
    maxPerPage: 100,
    perPageOverLimit: 'reject',
    lastPageOfEmpty: 1,
    includeDefaults: true,
    listsGlobals: false,
    order: 'oldest-first',
    betweenPages: 'nothing',
    disturbedListings: Number.POSITIVE_INFINITY,
    metadataOnUpdate: 'replace',
    unlisted: 'store',
    urlsOnUpdate: 'reject',
    urlOnSeveral: 'replace-all',
    fillsRegion: false,
    unset: 'sample',
    emptyUpdate: 'noop',
    errorBody: 'error',
    unknownMembers: 'reject',
  };
}
