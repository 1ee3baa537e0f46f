import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { readForeignJson } from '../model/foreign-json.js';
import type { Change, Plan } from '../model/plan.js';
import { fitText } from '../report/format/style.js';
import type { Shown } from '../report/index.js';
import type { OfflinePlan } from '../usecases/offline-plan.js';
import { validate } from './fork-artifact.schema.generated.js';

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

/** The part of an artifact that its schema accepts: a stranger must not supply the rest of a plan. */
interface ReceivedArtifact extends Omit<ForkArtifact, 'plan'> {
  plan: Pick<Plan, 'project' | 'summary' | 'diagnostics'> & {
    changes: Pick<Change, 'address' | 'vendor' | 'kind' | 'name' | 'action' | 'fields' | 'source'>[];
  };
}

/** Reads what a stranger wrote. Nothing but what belongs there comes out. Throws `DiagnosticError`. */
export function readArtifact(bytes: Uint8Array): ForkArtifact {
  if (bytes.length > ARTIFACT_LIMIT) throw unusable(`it holds more than ${ARTIFACT_LIMIT} bytes`);
  const read = readForeignJson<ReceivedArtifact>(decode(bytes), validate);
  if ('fault' in read) throw unusable(read.fault);
  const { plan, ...rest } = read.value;
  return {
    ...rest,
    plan: {
      formatVersion: '1',
      fingerprint: '',
      options: { targets: [], prune: false, adopt: false, trustSecrets: false },
      requests: { read: 0, write: 0 },
      ...plan,
      changes: plan.changes.map((change) => ({ ...change, requests: [] })),
    },
  };
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

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable('it is not JSON in UTF-8');
  }
}

function unusable(why: string): DiagnosticError {
  return new DiagnosticError(
    error('file', `the plan of the fork is not posted: ${why}`, {
      detail: 'It was written by a run of unreviewed code. Look at that run before anything else.',
    }),
  );
}
