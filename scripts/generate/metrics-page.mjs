import { Registry } from 'prom-client';
import { loadSource } from './load-source.mjs';
import { code, plain, table } from './table.mjs';

/** The metrics of `llmform watch`; undefined without their sources. */
export async function metricsPage(folder) {
  const source = await loadSource(folder, 'src/watch/metrics/series.ts');
  if (source === undefined) return undefined;
  const registry = new Registry();
  source.createSeries(registry);
  const rows = registry
    .getMetricsAsArray()
    .map(({ name, type, labelNames, help }) => [
      code(name),
      type,
      labelNames.map(code).join(', '),
      plain(help),
    ]);
  return `# Metrics

\`llmform watch\` serves these at \`/metrics\`, beside the usual metrics of a Node process. Labels are bounded: targets,
vendors and words from closed lists, never ids or URLs. [Operating watch](../watch-operations.md) has alert rules.

${table(['metric', 'type', 'labels', 'description'], rows)}`;
}
