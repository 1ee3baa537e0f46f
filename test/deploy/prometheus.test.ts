import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSeries } from '../../src/watch/metrics/series.js';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
interface Panel {
  title: string;
  targets: { expr: string }[];
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const rules = (parse(read('deploy/prometheus/alerts.yaml')).groups as { rules: Rule[] }[]).flatMap(
  (group) => group.rules,
);
const panels = JSON.parse(read('deploy/grafana/llmform.json')).panels as Panel[];
const queries: [string, string][] = [
  ...rules.map((rule): [string, string] => [rule.alert, rule.expr]),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

const registry = new Registry();
createSeries(registry);
/** Name of each series -> its labels. */
const series = new Map(
  registry
    .getMetricsAsArray()
    .flatMap((metric): [string, readonly string[]][] => {
      const labels = (metric as unknown as { labelNames: string[] }).labelNames;
      return metric.type.toString() === 'histogram'
        ? [[`${metric.name}_bucket`, [...labels, 'le']]]
        : [[metric.name, labels]];
    })
    .concat([['up', ['job']]]),
);

describe('the alert rules and the dashboard', () => {
  it.each(queries)('%s: its query is PromQL over metrics and labels that there are', (_, query) => {
    const { errors, nodes } = parsed(query);
    expect(errors).toEqual([]);
    const used = nodes('VectorSelector').map((text) => /^\w+/.exec(text)?.[0] ?? '');
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect([...series.keys()]).toContain(name);
    const labels = new Set(used.flatMap((name) => series.get(name) ?? []));
    for (const label of nodes('LabelName')) expect([...labels]).toContain(label);
  });

  it('would not pass with a mistake, so that the check is one', () => {
    expect(parsed('sum by (target (llmform_target_ready)').errors).not.toEqual([]);
  });

  it.each(rules)('$alert: says what is wrong and what to do', ({ expr, labels, annotations, ...rule }) => {
    expect(rule.for ?? '0m').toMatch(/^\d+[mhd]$/);
    expect(['info', 'warning', 'critical']).toContain(labels.severity);
    const known = parsed(expr)
      .nodes('VectorSelector')
      .flatMap((text) => series.get(/^\w+/.exec(text)?.[0] ?? '') ?? []);
    for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) expect(known).toContain(label);
    expect(annotations.description).toMatch(/\.$/);
  });

  it('are all in the documentation', () => {
    const page = read('docs/watch-operations.md');
    expect([...page.matchAll(/^\| `(Llmform\w+)`/gm)].map(([, name]) => name)).toEqual(
      rules.map(({ alert }) => alert),
    );
  });
});

/** The syntax tree of a query; Grafana's variables are filled in. */
function parsed(query: string) {
  const text = query.replaceAll('$__rate_interval', '5m');
  const found: { name: string; text: string }[] = [];
  const errors: string[] = [];
  parser.parse(text).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) errors.push(`${from}: ${text.slice(from)}`);
      found.push({ name, text: text.slice(from, to) });
    },
  });
  const nodes = (name: string) => found.filter((node) => node.name === name).map((node) => node.text);
  return { errors, nodes };
}
