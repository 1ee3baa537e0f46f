/** The source of a secret. Exactly one member is set. */
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
  /** Watch leaves it alone; plan and apply do not care. */
  suspend?: true;
  /** The settings of watch for this target, where they differ from the project's. */
  watch?: TargetWatch;
}

export interface Guards {
  /** Deletions and replacements one apply may make without being told the exact number. */
  maxDelete: number;
  /** Share of our live objects of one kind on one target, from 10 objects on. */
  maxDeletePercent: number;
  maxUpdatePercent: number;
  /**
   * Share of the remembered objects of one target that may be missing at the vendor, from 10 objects on. Where there are
   * two or more, all of them missing is always beyond it: it looks like another account.
   */
  maxMissingPercent: number;
}

/** The place of the ledger. */
export type LedgerPlace =
  /** `path` is relative to the project file's folder, and stays in it; in `root`, which is absolute, where that is set. */
  | { type: 'file'; path: string; root?: string }
  /** On a ref of its own in the project's repository; `path` is the file inside that ref's tree. */
  | { type: 'git'; ref: string; remote: string; path: string };

export interface Project {
  name: string;
  /** The project file as the user named it, for messages. */
  file: string;
  /** Absolute path of the project file's folder: globs, files and commands are relative to it. */
  folder: string;
  /** Absolute: files and folders outside of it that references may name, because the operator allows them. */
  allowedFiles?: readonly string[];
  manifests: string[];
  ledger: LedgerPlace;
  /** The key that the ledger is signed with. */
  ledgerKey?: SecretReference;
  targets: Target[];
  guards: Guards;
  /** The settings that the file has; `resolveSettings` of watch fills in the rest. */
  watch?: ProjectWatch;
}

export interface TargetWatch {
  mode?: 'observe' | 'heal' | 'apply';
  intervalMs?: number;
  windows?: WatchWindow[];
}

/** Settings of `llmform watch`, durations in milliseconds. */
export interface ProjectWatch extends TargetWatch {
  /** Of one run of one target. */
  runLimitMs?: number;
  prune?: boolean;
  adopt?: boolean;
  listen?: { host: string; port: number };
  /** The public address of the page. */
  url?: string;
  git?: { url: string; ref?: string; intervalMs?: number; submodules?: boolean };
  webhookSecret?: SecretReference;
  uiToken?: SecretReference;
  notify?: WatchNotify[];
}

/** A time in which watch may write. */
export interface WatchWindow {
  /** Five fields: when it opens. */
  cron: string;
  durationMs: number;
  /** An IANA name such as `Europe/Berlin`. */
  timeZone: string;
}

/** A recipient of the notifications of watch. */
export interface WatchNotify {
  type: 'webhook' | 'slack';
  /** The address of a Slack webhook is a secret itself. */
  url: string | SecretReference;
  /** Signs what is sent to a webhook. */
  secret?: SecretReference;
  on: ('drift' | 'failure' | 'recovery')[];
}
