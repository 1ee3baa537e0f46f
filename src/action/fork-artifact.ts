import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { isObject, type Json } from '../model/json.js';
import type { Change, Plan } from '../model/plan.js';
import { fitText } from '../report/format/style.js';
import type { Shown } from '../report/index.js';
import type { OfflinePlan } from '../usecases/offline-plan.js';
import { parseForkPlan } from './parse-fork-plan.js';

/**
 * The message of a fork's run to the job that may comment. It is data and no markdown: that job has to take it for
 * written by a stranger, and renders it itself.
 */
export interface ForkArtifact {
  formatVersion: '1';
  /** The commit that was looked at. */
  headSha: string;
  /** The project file, relative to the repository. */
  config: string;
  /** The selected targets; empty means all. */
  targets: readonly string[];
  state: OfflinePlan['state'];
  /** Its summary counts all changes, also those that had no room. */
  plan: Plan;
  /** The number of changes and messages that had no room, or were shortened. */
  leftOut: number;
}

/** Bytes of an artifact. */
export const ARTIFACT_LIMIT = 200_000;

/** The artifact as text, within its limit: what has no room is left out by whole objects. */
export function writeArtifact(artifact: Omit<ForkArtifact, 'leftOut'>): string {
  const { plan } = artifact;
  const messages = plan.diagnostics.slice(0, MOST_DIAGNOSTICS).map(shortened);
  const diagnostics = messages.map(({ shown }) => shown);
  const whole = messages.filter(({ cut }) => !cut).length;
  const leftOut = plan.changes.length + plan.diagnostics.length - whole;
  const empty: ForkArtifact = { ...artifact, plan: { ...plan, diagnostics, changes: [] }, leftOut };
  let left = ARTIFACT_LIMIT - bytesOf(empty);
  const changes = plan.changes.filter((change: Change) => {
    const needed = bytesOf(change) + 1;
    if (needed > left) return false;
    left -= needed;
    return true;
  });
  return JSON.stringify({
    ...empty,
    plan: { ...empty.plan, changes },
    leftOut: leftOut - changes.length,
  });
}

/** Reads what a stranger wrote. Nothing but what belongs there comes out. Throws `DiagnosticError`. */
export function readArtifact(bytes: Uint8Array): ForkArtifact {
  if (bytes.length > ARTIFACT_LIMIT) throw unusable(`it holds more than ${ARTIFACT_LIMIT} bytes`);
  const value = parsed(bytes);
  if (!isObject(value) || value.formatVersion !== '1') throw unusable('it is not of format version 1');
  const { headSha, config, targets, state, leftOut } = value;
  const plan = parseForkPlan(value.plan);
  if (
    typeof headSha !== 'string' ||
    typeof config !== 'string' ||
    !Array.isArray(targets) ||
    !targets.every((name) => typeof name === 'string') ||
    (state !== 'compared' && state !== 'alone' && state !== 'invalid') ||
    typeof leftOut !== 'number' ||
    !Number.isSafeInteger(leftOut) ||
    plan === undefined
  ) {
    throw unusable('a part of it is missing or has another shape');
  }
  return { formatVersion: '1', headSha, config, targets, state, plan, leftOut };
}

const MOST_DIAGNOSTICS = 100;
const LONGEST = 500;

function shortened({ excerpt: _shown, summary, detail, ...rest }: Diagnostic): Shown<Diagnostic> {
  const first = fitText(summary, LONGEST, 'short');
  const second = fitText(detail ?? '', LONGEST, 'short');
  return {
    shown: { ...rest, summary: first.shown, ...(detail !== undefined && { detail: second.shown }) },
    cut: first.cut || second.cut,
  };
}

function bytesOf(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw unusable('it is not JSON');
  }
}

function unusable(why: string): DiagnosticError {
  return new DiagnosticError(
    error('file', `the plan of the fork is not posted: ${why}`, {
      detail: 'It was written by a run of unreviewed code. Look at that run before anything else.',
    }),
  );
}
