import type { UnknownMembers } from '../../shape.js';

/** Switches for open questions in LiveAvatar's public facts; each default is the most plausible reading. */
export interface LiveavatarOptions {
  /** `code` of a success: 100 in the schema and all samples, 1000 in the vendor's web SDK. Default 100. */
  code: 100 | 1000;
  /** The value of `base_url` when it is not sent; the literal is undocumented. Default `https://api.openai.com/v1`. */
  defaultBaseUrl: string;
  /** True if a trailing slash of `base_url` is lost on storing; undocumented. Default false. */
  trimBaseUrl: boolean;
  /** Deleting a secret that a configuration refers to; undocumented, the vendor warns only. Default allow; refuse is 400. */
  secretInUse: 'allow' | 'refuse';
  /** A 422: as declared, `detail[]` with the input echoed, or `data[0].message` as the vendor's demo reads it. Default detail. */
  invalidBody: 'detail' | 'data';
  /**
   * Members that are in no schema: sibling endpoints ignore them. Default reject all the same, because an
   * emulator that ignores a misspelt field hides the mistake it is there to find. keep: a newer server has fields of these names.
   */
  unknownMembers: UnknownMembers;
  /** A second secret of the same name; undocumented, one weak report of success. Default allow; reject is 400. */
  duplicateSecretNames: 'allow' | 'reject';
  /** The `secret_type`s that are taken; vendor pages disagree and the set grows. Default all that were seen; null is any. */
  secretTypes: readonly string[] | null;
  /** Order of both lists; newest first is documented, oldest first is for finding out who relies on it. */
  order: 'newest-first' | 'oldest-first';
  /** True if the caller has a space; without one everything is 400, as documented. Default true. */
  hasSpace: boolean;
}

export function liveavatarOptions(): LiveavatarOptions {
  return {
    code: 100,
    defaultBaseUrl: 'https://api.openai.com/v1',
    trimBaseUrl: false,
    secretInUse: 'allow',
    invalidBody: 'detail',
    unknownMembers: 'reject',
    duplicateSecretNames: 'allow',
    secretTypes: [
      'OPENAI_API_KEY',
      'ELEVENLABS_API_KEY',
      'GEMINI_API_KEY',
      'LLM_API_KEY',
      'CARTESIA_API_KEY',
    ],
    order: 'newest-first',
    hasSpace: true,
  };
}
