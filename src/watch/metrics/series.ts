import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { hasChanges } from '../../model/plan.js';
import type { DaemonState, RunOutcome, RunRecord, TargetState } from '../state/model.js';

/** The metrics themselves, and how series of a target begin and end. */
export function createSeries(registry: Registry) {
  const registers = [registry];
  const perTarget = ['target'] as const;
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `llmform_${name}`, help, labelNames: perTarget, registers });

  const runs = new Counter({
    name: 'llmform_reconcile_total',
    help: 'Runs of a target by how they ended.',
    labelNames: ['target', 'vendor', 'result'],
    registers,
  });
  const durations = new Histogram({
    name: 'llmform_reconcile_duration_seconds',
    help: 'How long a run took.',
    labelNames: perTarget,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const errors = new Counter({
    name: 'llmform_reconcile_errors_total',
    help: 'Runs that failed, by the code of the error.',
    labelNames: ['target', 'code'],
    registers,
  });
  const requests = new Counter({
    name: 'llmform_vendor_requests_total',
    help: 'Requests sent to a vendor, repeated ones included; code is the HTTP status, or none.',
    labelNames: ['vendor', 'method', 'code'],
    registers,
  });
  const limited = new Counter({
    name: 'llmform_rate_limited_total',
    help: 'Requests that a vendor answered with 429.',
    labelNames: ['vendor'],
    registers,
  });
  const drift = gauge('drift_detected', '1 while live state differs from the manifests, as far as is known.');
  const success = gauge('last_success_timestamp_seconds', 'When a run last ended well, in Unix time.');
  const suspended = gauge('target_suspended', '1 while the target is suspended.');
  const ready = gauge('target_ready', '1 when the last run could plan and nothing in it failed.');
  const depth = new Gauge({
    name: 'llmform_workqueue_depth',
    help: 'Targets that wait for a turn.',
    registers,
  });
  const source = new Gauge({
    name: 'llmform_source_ready',
    help: '1 when the newest version of the source is active, 0 when mistakes in it prevent that.',
    registers,
  });
  const build = new Gauge({
    name: 'llmform_build_info',
    help: '1; the version is in the label.',
    labelNames: ['version'],
    registers,
  });
  /** Counts under labels that are not known beforehand. */
  const codes = new Map<string, Set<string>>();
  const answers = new Map<string, Set<string>>();

  return {
    begin(target: string, vendor: string): void {
      for (const result of RESULTS) runs.inc({ target, vendor, result }, 0);
      durations.zero({ target });
      limited.inc({ vendor }, 0);
      for (const one of [drift, suspended, ready]) one.set({ target }, 0);
    },

    end(target: string, vendor: string, vendorStays: boolean): void {
      for (const result of RESULTS) runs.remove({ target, vendor, result });
      for (const code of codes.get(target) ?? []) errors.remove({ target, code });
      codes.delete(target);
      for (const one of [durations, drift, success, suspended, ready]) one.remove({ target });
      if (vendorStays) return;
      limited.remove({ vendor });
      for (const answer of answers.get(vendor) ?? []) {
        const [method = '', code = ''] = answer.split(' ');
        requests.remove({ vendor, method, code });
      }
      answers.delete(vendor);
    },

    run({ name: target, vendor }: TargetState, record: RunRecord, code: string | undefined): void {
      runs.inc({ target, vendor, result: record.result });
      durations.observe({ target }, Math.max(0, record.durationMs) / 1000);
      if (code === undefined) return;
      errors.inc({ target, code });
      remember(codes, target, code);
    },

    answer(vendor: string, method: string, status: number | undefined): void {
      const code = status === undefined ? 'none' : String(status);
      requests.inc({ vendor, method, code });
      remember(answers, vendor, `${method} ${code}`);
      if (status === 429) limited.inc({ vendor });
    },

    target(state: TargetState): void {
      const target = state.name;
      const left = state.status !== 'in-sync' && state.plan !== undefined && hasChanges(state.plan);
      drift.set({ target }, Number(state.status === 'drifted' || left));
      if (state.lastSuccessAt !== undefined) success.set({ target }, state.lastSuccessAt / 1000);
      suspended.set({ target }, Number(state.status === 'suspended'));
      const last = state.runs.at(-1)?.result;
      ready.set({ target }, Number(last !== undefined && last !== 'error' && last !== 'terminal'));
    },

    daemon(state: DaemonState): void {
      depth.set(state.queueDepth);
      source.set(Number(!state.source.diagnostics.some((d) => d.severity === 'error')));
      build.set({ version: state.version }, 1);
    },
  };
}

const RESULTS: readonly RunOutcome[] = ['success', 'no_change', 'drift', 'error', 'terminal'];

function remember(seen: Map<string, Set<string>>, key: string, value: string): void {
  const values = seen.get(key) ?? new Set();
  seen.set(key, values.add(value));
}
