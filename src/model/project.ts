/** Where a secret comes from. Exactly one member is set. */
export type SecretReference =
  | { fromEnv: string }
  | { fromFile: string }
  /** argv, no shell; run in the project file's folder. */
  | { fromCommand: string[] };

/** One vendor account that we hold a credential for, with its defaults filled in. */
export interface Target {
  name: string;
  vendor: string;
  /** Without a trailing slash. */
  baseUrl: string;
  auth: SecretReference;
  /** Requests in flight, at most. */
  concurrency: number;
  requestsPerSecond: number;
  /** Of one request, in milliseconds. */
  timeoutMs: number;
  /** Absolute path of a PEM bundle that is trusted beside the system's. */
  caFile?: string;
}

export interface Guards {
  /** Deletions and replacements one apply may make without being told the exact number. */
  maxDelete: number;
  /** Share of our live objects of one kind on one target, from 10 objects on. */
  maxDeletePercent: number;
  maxUpdatePercent: number;
}

/** Where the ledger is kept. */
export type LedgerPlace =
  /** `path` is relative to the project file's folder. */
  | { type: 'file'; path: string }
  /** On a ref of its own in the project's repository; `path` is the file inside that ref's tree. */
  | { type: 'git'; ref: string; remote: string; path: string };

export interface Project {
  name: string;
  /** The project file as the user named it, for messages. */
  file: string;
  /** Absolute path of the project file's folder: globs, files and commands are relative to it. */
  folder: string;
  manifests: string[];
  ledger: LedgerPlace;
  targets: Target[];
  guards: Guards;
}
