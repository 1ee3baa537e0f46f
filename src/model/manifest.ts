import type { Address } from './address.js';
import type { JsonObject } from './json.js';

/** The place of a manifest. */
export interface Source {
  /** Relative to the project file's folder, with `/`. */
  file: string;
  /** 1-based line on which the document starts. */
  line: number;
}

/** One validated manifest: the desired state of one object, references still unresolved. */
export interface Manifest {
  address: Address;
  target: string;
  vendor: string;
  kind: string;
  name: string;
  /** `metadata.id`: bind to this existing object. */
  id?: string;
  preventDestroy: boolean;
  /** JSON Pointers into `spec`. */
  ignoreChanges: string[];
  /** JSON Pointers into `spec` of what the schema need not know. */
  allowUnknown: string[];
  /** The vendor's own field names. Secrets are references, never values. */
  spec: JsonObject;
  source: Source;
}
