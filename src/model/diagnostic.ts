import { defined } from './defined.js';
import { LlmformError } from './llmform-error.js';
import type { Permission } from './permission.js';

/**
 * The subject of a diagnostic. A closed union: scripts may branch on it, so a code is never reused for
 * something else.
 */
export type DiagnosticCode =
  | 'usage' // the command line
  | 'unseen' // manifests that may be there and could not be seen
  | 'file' // a file that cannot be read, is too large, or is not UTF-8
  | 'yaml' // not well-formed YAML, duplicate keys, exploding aliases
  | 'schema' // a missing, wrong or misplaced value
  | 'unknown' // an unknown field, kind, vendor or target, with "did you mean"
  | 'secret-literal' // a value stands where only a reference may stand
  | 'secret' // a secret that cannot be resolved
  | 'reference' // a reference to nothing, or a cycle
  | 'duplicate' // two manifests for one address or one live object
  | 'lifecycle' // contradictory or unusable lifecycle settings
  | 'audit' // something the vendor refuses beyond its schema
  | 'project' // the project file
  | 'credential' // a target without a usable credential
  | 'vendor' // the vendor's API failed or refused
  | 'identity' // an object that cannot be told apart, or is not there
  | 'adopt' // an object that exists and is not ours yet
  | 'protected' // lifecycle.preventDestroy
  | 'in-use' // something else still refers to an object
  | 'not-persisted' // the vendor accepted a field and did not keep it
  | 'guard' // a guard refused
  | 'rollback' // what a plan of an earlier commit does not bring back, or must not do now
  | 'stale' // what was reviewed is not what is there
  | 'ledger' // the ledger cannot be read, written or locked
  | 'internal';

/** One finding: what is wrong, where, and the way out. Findings are collected and shown together. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  code: DiagnosticCode;
  /** One line: what is wrong. Never holds a secret. */
  summary: string;
  /** Why, and the way out. */
  detail?: string;
  /** Path relative to the project file's folder, with `/`. */
  file?: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
  /** The offending line, secrets masked. For people: the JSON forms leave it out. */
  excerpt?: string;
  address?: string;
  /** JSON Pointer into the document. */
  path?: string;
  /** The permission that would let it pass: a door names its own flag or input for it. In memory only. */
  needs?: Permission;
}

/** The members of a diagnostic beside its summary. */
export type Details = {
  [Name in keyof Omit<Diagnostic, 'severity' | 'code' | 'summary'>]?: Diagnostic[Name] | undefined;
};

/**
 * An error. All summaries, messages and reasons have one grammar, so that each can follow another after `: `: a lower-case
 * start and no full stop, such as `target anam-prod has no credential: ANAM_API_KEY is not set`. The detail is whole
 * sentences: why, and the way out.
 */
export function error(code: DiagnosticCode, summary: string, details: Details = {}): Diagnostic {
  return { severity: 'error', code, summary, ...defined(details) };
}

/** A warning, in the grammar of `error`. */
export function warning(code: DiagnosticCode, summary: string, details: Details = {}): Diagnostic {
  return { severity: 'warning', code, summary, ...defined(details) };
}

/** The same finding where it stops nothing. */
export function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' };
}

/** A mistake that ends the command with exit code 1 and is shown as its diagnostics, without a stack trace. */
export class DiagnosticError extends LlmformError {
  override readonly name: string = 'DiagnosticError';
  readonly diagnostics: Diagnostic[];

  constructor(...diagnostics: Diagnostic[]) {
    super(diagnostics.map((d) => d.summary).join('\n'));
    this.diagnostics = diagnostics;
  }

  /** Of what is wrong first. */
  get code(): DiagnosticCode {
    return this.diagnostics[0]?.code ?? 'internal';
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
