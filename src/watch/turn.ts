import { randomUUID } from 'node:crypto';
import type { Calendar } from '../io/clock.js';
import type { Answered } from '../io/http.js';
import type { HeldBack } from '../model/blocked.js';
import type { Target } from '../model/project.js';
import { openEffects } from '../run/effects.js';
import type { Approvals } from './approvals.js';
import type { Fights } from './fights.js';
import type { Findings } from './findings.js';
import { type InForce, type Loading, workspaceOf } from './in-force.js';
import type { RunRecord, Trigger } from './model.js';
import type { RunLimit } from './run-limit.js';
import { runTarget } from './target-run.js';
import { anyOpen, nextOpening, type Window } from './windows.js';

export interface TurnParts {
  loading: Loading;
  approvals: Approvals;
  fights: Fights;
  clock: Calendar;
  onAnswer(target: Target, answer: Answered): void;
}

export interface Turn {
  record: RunRecord;
  findings: Findings;
}

/** One run of one target of the project in force, with effects and secrets of its own. Never throws. */
export async function takeTurn(
  name: string,
  trigger: Trigger,
  limit: RunLimit,
  { snapshot, workspace, settings, ledger }: InForce,
  { loading, approvals, fights, clock, onAnswer }: TurnParts,
): Promise<Turn> {
  const { mode = 'observe', windows = [] } = settings.targets[name] ?? {};
  const { prune, adopt } = settings;
  const [startedAt, began] = [clock.date(), clock.now()];
  const effects = openEffects(workspace.project, loading.surroundings, { onAnswer });
  const findings = await runTarget({
    workspace: workspaceOf(workspace, name),
    effects: { ...effects, ledger },
    options: {
      ...loading.options,
      config: snapshot.config,
      target: [name],
      prune,
      adopt,
      trustSecrets: false,
    },
    circumstances: {
      mode,
      closed: () => whyClosed(windows, clock.date()),
      fight: (address) => fights.reason(address, clock.now()),
    },
    approvals: approvals.of(name),
    limit,
  });
  effects.secrets.release();
  const { result, error, changes, applied, failed } = findings;
  const durationMs = Math.round(clock.now() - began);
  const { commit } = snapshot;
  const record: RunRecord = {
    reconcileId: randomUUID(),
    trigger,
    startedAt,
    durationMs,
    result,
    ...(commit !== undefined && { commit }),
    changes,
    applied,
    failed,
    ...(error !== undefined && { error }),
  };
  return { record, findings };
}

function whyClosed(windows: readonly Window[], at: number): HeldBack | undefined {
  if (anyOpen(windows, at)) return undefined;
  return { reason: 'window', windows: windows.map(({ text }) => text) };
}

/** How long it is until a closed window opens; undefined where nothing says so. */
export function untilWindowMs(windows: readonly Window[], at: number): number | undefined {
  const opens = anyOpen(windows, at) ? undefined : nextOpening(windows, at);
  return opens === undefined ? undefined : Math.max(0, opens - at);
}
