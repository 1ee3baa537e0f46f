/** One sample as Prometheus stores it. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/**
 * Reads Prometheus's text format 0.0.4 as strictly as it is written down: help and type once and before the samples,
 * families in one piece, every series once, histograms whole. Throws an `Error` that holds the line.
 */
export function parseExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const [helped, series] = [new Set<string>(), new Set<string>()];
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const wrong = (why: string) => new Error(`${why}: ${line}`);
    if (line === '') continue;
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? [];
    if (line.startsWith('#') && kind === undefined) throw wrong('no comment that we would write');
    if (kind === 'HELP') {
      if (helped.has(name)) throw wrong('help twice');
      helped.add(name);
    } else if (kind === 'TYPE') {
      if (types.has(name)) throw wrong('type twice');
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw wrong('no type');
      types.set(name, rest);
      current = name;
    } else {
      const sample = sampleOf(line);
      if (sample === undefined) throw wrong('no sample');
      const type = types.get(current) ?? '';
      const part = sample.name.slice(current.length);
      const parts =
        type === 'histogram'
          ? ['_bucket', '_sum', '_count']
          : type === 'summary'
            ? ['', '_sum', '_count']
            : [''];
      if (!sample.name.startsWith(current) || !parts.includes(part))
        throw wrong(`not of the family ${current}`);
      const id = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (series.has(id)) throw wrong('a series twice');
      series.add(id);
      if (type === 'counter' && !(sample.value >= 0)) throw wrong('a counter below zero');
      samples.push(sample);
    }
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples);
  return samples;
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

function sampleOf(line: string): Sample | undefined {
  const [, name, braces = '', number = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  // As Go reads numbers, which is how Prometheus does: in any case.
  const value = /^\+inf$/i.test(number) ? Number.POSITIVE_INFINITY : Number(number);
  if (name === undefined || (Number.isNaN(value) && !/^nan$/i.test(number))) return undefined;
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < braces.length) {
    const [, label = '', escaped = ''] = LABEL.exec(braces) ?? [];
    if (label === '' || Object.hasOwn(labels, label)) return undefined;
    labels[label] = escaped.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
  }
  return { name, labels, value };
}

/** Buckets only grow, the last one is +Inf, and it is the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const ofOne = (labels: Record<string, string>) =>
    JSON.stringify(Object.entries({ ...labels, le: '' }).sort());
  for (const count of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) => sample.name === `${name}_bucket` && ofOne(sample.labels) === ofOne(count.labels),
    );
    const values = buckets.map(({ value }) => value);
    if (
      buckets.at(-1)?.labels.le !== '+Inf' ||
      values.at(-1) !== count.value ||
      values.some((v, i) => v < (values[i - 1] ?? 0))
    )
      throw new Error(`the buckets of ${name} do not fit its count: ${values} and ${count.value}`);
  }
}
