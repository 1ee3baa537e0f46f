import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/watch/metrics/metrics.js';
import type { DaemonState } from '../../../src/watch/state/model.js';
import { parseExposition } from '../../support/exposition.js';
import { NOON, runOf, runsOf, stateOf, targetState } from '../../support/fake-daemon.js';
import { change, planOf, target } from '../../support/report-samples.js';

const metrics = createMetrics();

/** The lines of our own metrics, without their help. */
async function lines(): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('llmform_'));
}

const drifted = targetState('prod', {
  status: 'drifted',
  plan: planOf([change('prod/LLM/a', 'update')]),
  runs: runsOf('drift'),
});
const state = (targets: DaemonState['targets']) => stateOf(targets, { queueDepth: 3 });

describe('metrics', () => {
  it('start at zero for every target and every result', async () => {
    metrics.onState(state([drifted, targetState('memory', { vendor: 'goodmem', status: 'pending' })]));
    const all = await lines();
    for (const result of ['success', 'no_change', 'drift', 'error', 'terminal']) {
      expect(all).toContain(`llmform_reconcile_total{target="prod",vendor="anam",result="${result}"} 0`);
    }
    expect(all).toEqual(
      expect.arrayContaining([
        'llmform_reconcile_duration_seconds_count{target="memory"} 0',
        'llmform_rate_limited_total{vendor="goodmem"} 0',
        'llmform_drift_detected{target="prod"} 1',
        'llmform_drift_detected{target="memory"} 0',
        'llmform_target_ready{target="prod"} 1',
        'llmform_target_ready{target="memory"} 0',
        'llmform_target_suspended{target="prod"} 0',
        `llmform_last_success_timestamp_seconds{target="prod"} ${(NOON - 120_000) / 1000}`,
        'llmform_workqueue_depth 3',
        'llmform_source_ready 1',
        'llmform_build_info{version="0.1.0"} 1',
      ]),
    );
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('count runs, their errors by code, and requests', async () => {
    metrics.onRun(drifted, runOf('drift'));
    metrics.onRun(drifted, runOf('error', { error: { code: 'server', message: 'GET /v1/llms/42 said no' } }));
    for (const code of ['/v1/llms/42', 'c0ffee', '__proto__']) {
      metrics.onRun(drifted, runOf('terminal', { error: { code, message: '' } }));
    }
    const prod = target('prod', 'anam', 'https://api.anam.ai');
    metrics.onAnswer(prod, { method: 'GET', status: 429 });
    metrics.onAnswer(prod, { method: 'PUT' });
    const all = await lines();
    expect(all).toEqual(
      expect.arrayContaining([
        'llmform_reconcile_total{target="prod",vendor="anam",result="drift"} 1',
        'llmform_reconcile_total{target="prod",vendor="anam",result="terminal"} 3',
        'llmform_reconcile_duration_seconds_count{target="prod"} 5',
        'llmform_reconcile_errors_total{target="prod",code="server"} 1',
        'llmform_reconcile_errors_total{target="prod",code="other"} 3',
        'llmform_vendor_requests_total{vendor="anam",method="GET",code="429"} 1',
        'llmform_vendor_requests_total{vendor="anam",method="PUT",code="none"} 1',
        'llmform_rate_limited_total{vendor="anam"} 1',
      ]),
    );
    expect(all.join('\n')).not.toMatch(/llms|c0ffee|proto__|https/);
  });

  it('of a target that is gone go, and those of its vendor when it was the last', async () => {
    metrics.onState(state([targetState('memory', { vendor: 'goodmem' })]));
    const text = (await lines()).join('\n');
    expect(text).toContain('target="memory"');
    expect(text).not.toMatch(/prod|anam/);
  });

  it('begin anew for a target that changes its vendor', async () => {
    metrics.onState(state([targetState('memory', { vendor: 'flashback' })]));
    const text = (await lines()).join('\n');
    expect(text).toContain('llmform_reconcile_total{target="memory",vendor="flashback",result="success"} 0');
    expect(text).not.toContain('goodmem');
  });

  it('are what Prometheus reads, whatever things are called, and no more of them after a thousand targets', async () => {
    const hostile = 'a"b\\c\nd{e="f"} 1';
    metrics.onState(stateOf([], { version: 'v"1\\' }));
    const before = parseExposition(await metrics.text()).length;
    for (let i = 0; i < 1000; i += 1) {
      const one = targetState(`${hostile}${i}`, { vendor: `v${i % 3}` });
      metrics.onState(state([one]));
      metrics.onRun(one, runOf('error', { error: { code: `c${i}`, message: '' } }));
      metrics.onAnswer(target(one.name, one.vendor, 'https://a.test'), {
        method: 'GET',
        status: 200 + (i % 5),
      });
      // What ends after its target has gone.
      if (i % 100 === 99) {
        metrics.onState(state([]));
        metrics.onRun(one, runOf('drift'));
      }
    }
    metrics.onState(state([targetState(hostile)]));
    const samples = parseExposition(await metrics.text());
    expect(samples).toContainEqual({
      name: 'llmform_target_suspended',
      labels: { target: hostile },
      value: 0,
    });
    expect(new Set(samples.flatMap(({ labels }) => labels.target ?? []))).toEqual(new Set([hostile]));
    expect(new Set(samples.flatMap(({ labels }) => labels.vendor ?? []))).toEqual(new Set(['anam']));
    metrics.onState(stateOf([], { version: 'v"1\\' }));
    expect(parseExposition(await metrics.text()).length).toBeLessThanOrEqual(before);
  });

  it('say that a newer source is not in force', async () => {
    const source = {
      ...state([]).source,
      diagnostics: [{ severity: 'error', code: 'yaml', summary: 'no' }] as const,
    };
    metrics.onState(stateOf([], { source }));
    expect(await lines()).toContain('llmform_source_ready 0');
  });
});
