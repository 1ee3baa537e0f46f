import { randomUUID } from 'node:crypto';
import type { HeldBack } from '../../model/blocked.js';
import type { Calendar } from '../../model/ports.js';
import type { Target } from '../../model/project.js';
import type { AnsweredRequest } from '../../platform/http/client.js';
import { type EffectSettings, openEffects } from '../../usecases/open-effects.js';
import type { RunLimit } from '../schedule/run-limit.js';
import type { RunRecord, Trigger } from '../state/model.js';
import { isAnyOpen, nextOpening, type WriteWindow } from '../state/windows.js';
import { type ActiveProject, type ProjectLoading, workspaceForTarget } from './active-project.js';
import type { Approvals } from './approvals.js';
import type { FlapDetector } from './flapping.js';
import { planAndApply } from './plan-and-apply.js';
import type { RunFindings } from './run-findings.js';

export interface ReconcileOptions {
  loading: ProjectLoading;
  approvals: Approvals;
  flapping: FlapDetector;
  clock: Calendar;
  onAnswer(target: Target, answer: AnsweredRequest): void;
  onWait: NonNullable<EffectSettings['onWait']>;
}

export interface FinishedRun {
  record: RunRecord;
  findings: RunFindings;
}

/** One run of one target of the active project, with effects and secrets of its own. Never throws. */
export async function reconcileTarget(
  name: string,
  trigger: Trigger,
  limit: RunLimit,
  { snapshot, workspace, settings, ledger }: ActiveProject,
  { loading, approvals, flapping, clock, onAnswer, onWait }: ReconcileOptions,
): Promise<FinishedRun> {
  const { mode = 'observe', windows = [] } = settings.targets[name] ?? {};
  const { prune, adopt } = settings;
  const [startedAt, began] = [clock.date(), clock.now()];
  const effects = openEffects(workspace.project, loading.context, {
    ...{ onAnswer, onWait },
    // The run's own limit ends it.
    stop: limit.stop,
    patienceMs: settings.runLimitMs,
  });
  const findings = await planAndApply({
    workspace: workspaceForTarget(workspace, name),
    effects: { ...effects, ledger },
    options: {
      ...loading.options,
      config: snapshot.config,
      target: [name],
      prune,
      adopt,
      trustSecrets: false,
      rebind: [],
    },
    origin: {
      command: mode === 'heal' ? 'heal' : 'watch',
      env: loading.context.env,
      commit: snapshot.commit,
    },
    policy: {
      mode,
      closed: () => closedReason(windows, clock.date()),
      fight: (address) => flapping.reason(address, clock.now()),
    },
    approvals: approvals.of(name),
    limit,
  });
  effects.secrets.release();
  const durationMs = Math.round(clock.now() - began);
  const { commit } = snapshot;
  const record: RunRecord = {
    reconcileId: randomUUID(),
    trigger,
    startedAt,
    durationMs,
    ...(commit !== undefined && { commit }),
    ...findings.run,
  };
  return { record, findings };
}

function closedReason(windows: readonly WriteWindow[], at: number): HeldBack | undefined {
  if (isAnyOpen(windows, at)) return undefined;
  return { reason: 'window', windows: windows.map(({ text }) => text) };
}

/** The time until a closed window opens; undefined if none will. */
export function msUntilWindow(windows: readonly WriteWindow[], at: number): number | undefined {
  const opens = isAnyOpen(windows, at) ? undefined : nextOpening(windows, at);
  return opens === undefined ? undefined : Math.max(0, opens - at);
}
