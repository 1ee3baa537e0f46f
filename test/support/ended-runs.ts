import type { Plan } from '../../src/model/plan.js';
import type { RunOutcome, RunRecord, TargetState } from '../../src/watch/state/model.js';

/** A target after a run that ended like this; `fingerprint` tells one drift from another. */
export function ended(
  result: RunOutcome,
  { name = 'anam', fingerprint = 'sha256:1', code = 'vendor', objects = 1, held = [] as string[] } = {},
): [TargetState, RunRecord] {
  const changes = Array.from({ length: objects }, (_, n) => ({
    address: `${name}/LLM/n${n}`,
    action: n % 2 === 0 ? 'update' : 'create',
    fields: [{ path: '/modelName', before: 'VALUE-1', after: 'VALUE-2', cause: 'drift' }],
  }));
  const plan = { fingerprint, changes } as unknown as Plan;
  const state = { name, vendor: 'anam', mode: 'observe', plan, held } as unknown as TargetState;
  const error = { code, message: 'VALUE-3' };
  const record = { result, commit: 'c0ffee', ...(/error|terminal/.test(result) && { error }) } as RunRecord;
  return [state, record];
}
