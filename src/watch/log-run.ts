import type { Diagnostic } from '../model/diagnostic.js';
import { changesOf } from '../model/plan.js';
import { describeUnseen, type Unseen } from '../model/unseen.js';
import { endOfWait } from '../model/vendor-error.js';
import type { Log } from '../platform/process/log.js';
import type { EffectSettings } from '../usecases/open-effects.js';
import type { FinishedRun } from './reconcile/reconcile-target.js';
import type { RunRecord } from './state/model.js';

/** The line that a run leaves in the log. */
export function logRun(
  log: Log,
  target: string,
  { record, findings }: FinishedRun,
  nextInMs: number | undefined,
): void {
  const { result, error, reconcileId, commit, durationMs, trigger, changes, applied, failed } = record;
  const { held, diagnostics, plan } = findings;
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const left = plan === undefined ? [] : changesOf(plan);
  log[LEVELS[result]](WORDS[result], {
    target,
    ...(commit !== undefined && { commit }),
    reconcileId,
    durationMs,
    trigger,
    result,
    ...(changes > 0 && { changes, applied, failed }),
    ...(held.length > 0 && { held: held.slice(0, MANY) }),
    ...(left.length > 0 && {
      fingerprint: plan?.fingerprint,
      left: left.slice(0, MANY).map(({ address, action }) => `${action} ${address}`),
    }),
    ...(warnings.length > 0 && { warnings: warnings.slice(0, MANY).map(({ summary }) => summary) }),
    ...(error !== undefined && { err: error }),
    ...(nextInMs !== undefined && { nextInMs }),
  });
}

/** Of what may be thousands, a line names so many. */
const MANY = 10;

const LEVELS = {
  success: 'info',
  no_change: 'info',
  drift: 'warn',
  error: 'error',
  terminal: 'error',
} as const satisfies Record<RunRecord['result'], keyof Log>;

const WORDS: Readonly<Record<RunRecord['result'], string>> = {
  success: 'reconciled: changes applied',
  no_change: 'reconciled: nothing to do',
  drift: 'reconciled: differences left as they are',
  error: 'run failed; will retry',
  terminal: 'run failed; retrying will not help',
};

/** The lines that a wait for a target leaves: one when it begins and one when it ends. */
export function logWait(log: Log): NonNullable<EffectSettings['onWait']> {
  return ({ name: target }, { code, message }) => {
    log.warn('waiting for the target', { target, err: { code, message } });
    const { done, gaveUp } = endOfWait(code);
    return (answered) => {
      if (answered) log.info(`the target ${done}`, { target });
      else log.warn(`the target ${gaveUp}`, { target });
    };
  };
}

/** The line that a project with mistakes leaves. */
export function logInvalidProject(log: Log, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first = diagnostics[0]] = errors;
  log.error('the project has mistakes: the last good one stays active', {
    mistakes: errors.length,
    err: { code: first?.code ?? 'internal', message: placed(first) },
  });
}

/** The line that a project leaves whose manifests could not all be seen. */
export function logUnseen(log: Log, unseen: readonly Unseen[]): void {
  if (unseen.length === 0) return;
  const warnings = describeUnseen(unseen.slice(0, MANY), 'warning').map(placed);
  log.warn('not every manifest could be seen', { unseen: unseen.length, warnings });
}

/** The line about submodules that watch was not told to fetch. */
export function logUnfetched(log: Log, submodules: readonly string[]): void {
  log.warn('submodules are not fetched: start watch with --git-submodules to have them', {
    submodules: submodules.slice(0, MANY),
  });
}

function placed(found: Diagnostic | undefined): string {
  if (found === undefined) return 'it cannot be read';
  const line = found.line === undefined ? '' : `:${found.line}`;
  return found.file === undefined ? found.summary : `${found.file}${line}: ${found.summary}`;
}
