import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Target } from '../../model/project.js';
import type { AnsweredRequest } from '../../platform/http/client.js';
import type { DaemonState, RunRecord, TargetState } from '../state/model.js';
import { codeLabel } from './codes.js';
import { createSeries } from './series.js';

/** The metrics for Prometheus. Labels are bounded: targets, vendors, and words from closed lists. */
export interface Metrics {
  onRun(state: TargetState, record: RunRecord): void;
  /** Of every request that was sent to a vendor. */
  onAnswer(target: Target, answer: AnsweredRequest): void;
  /** Before every look. Series of targets that are gone go too. */
  onState(state: DaemonState): void;
  text(): Promise<string>;
  contentType: string;
}

/** Opened once for each process: the default metrics watch the garbage collector and the event loop. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const series = createSeries(registry);
  /** The vendor of each target that has series. */
  const known = new Map<string, string>();

  function meet({ name, vendor }: { name: string; vendor: string }): void {
    if (known.get(name) === vendor) return;
    if (known.has(name)) forget(name);
    known.set(name, vendor);
    series.begin(name, vendor);
  }

  function forget(name: string): void {
    const vendor = known.get(name) ?? '';
    known.delete(name);
    series.end(name, vendor, [...known.values()].includes(vendor));
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),

    onRun(target, record) {
      meet(target);
      series.run(target, record, record.error && codeLabel(record.error.code));
    },

    onAnswer({ vendor }, { method, status }) {
      series.answer(vendor, method, status);
    },

    onState(state) {
      const names = new Set(state.targets.map(({ name }) => name));
      for (const name of [...known.keys()]) if (!names.has(name)) forget(name);
      for (const target of state.targets) {
        meet(target);
        series.target(target);
      }
      series.daemon(state);
    },
  };
}
