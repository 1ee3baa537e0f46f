import type { Json } from './json.js';
import type { Ledger } from './ledger.js';
import type { Manifest } from './manifest.js';
import type { Project, SecretReference, Target } from './project.js';
import type { Answer, Read, Vendor, WriteRequest } from './vendor.js';

/** The effects that reconciling needs. They arrive as arguments, so that nothing here opens a socket or a file. */
export interface EnginePorts {
  vendors: readonly Vendor[];
  secrets: {
    /** Once per distinct reference and run. Throws `DiagnosticError`. */
    resolve(reference: SecretReference): Promise<string>;
    /** A vendor's value as it may be shown; default: as it is. */
    mask?(text: string): string;
    /** Tells whether a text spells out a secret that is too long to be found by trying; default: no. */
    isTold?(text: string): boolean;
  };
  digests(salt: string): Digests;
  seals(salt: string): Seals;
}

/** Keeps values in the ledger that only the holder of a secret can read. */
export interface Seals {
  seal(value: Json, secret: string): Promise<string>;
  /** Undefined where the secret is another one. */
  open(sealed: string, secret: string): Promise<Json | undefined>;
}

/** Connects to a target: for planning with a reader, which can do nothing but read; for apply with a client. */
export type Connect<Connection extends Reader> = (
  target: Target,
  vendor: Vendor,
  credential: string,
) => Connection;

export interface Digests {
  /** Of a value that is not secret. */
  plain(value: Json | undefined): string;
  /** Of a secret: slow on purpose. */
  secret(value: string): Promise<string>;
}

export interface Reader {
  read: Read;
  /** Requests sent so far. */
  counts: { read: number; write: number };
  close(): Promise<void>;
}

export interface Client extends Reader {
  write(request: WriteRequest): Promise<Answer>;
}

/** The input of a plan or apply: project, manifests and ledger. */
export interface DesiredState {
  project: Project;
  /** The selected targets. */
  targets: readonly Target[];
  /** Of the selected targets. */
  manifests: readonly Manifest[];
  ledger: Ledger;
}
