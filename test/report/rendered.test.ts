import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.js';
import type { FieldChange, ShownPlan } from '../../src/model/plan.js';
import { inlineText } from '../../src/report/format/markdown.js';
import { applyMarkdown, planDocument, planMarkdown, validateMarkdown } from '../../src/report/index.js';
import { anyPlan, anyReport } from '../support/arbitrary-plans.js';
import { htmlOf, isElement, nodesOf, textOf, topOf } from '../support/rendered.js';
import { busyPlan, change, planOf, targets } from '../support/report-samples.js';

/** What we write ourselves; anything else was made out of somebody's text. */
const OURS = new Set('p strong em b br code pre table thead tbody tr th td ul li details summary'.split(' '));

/** Nothing of what a plan holds became markup, and nothing of ours was left open or closed early. */
function expectSound(markdown: string): void {
  const nodes = nodesOf(htmlOf(markdown));
  for (const { node, within } of nodes) {
    expect(node.nodeName).not.toBe('#comment');
    if (!isElement(node)) continue;
    expect(OURS).toContain(node.tagName);
    const attributes = node.attrs.map(({ name, value }) => `${name}=${value}`);
    expect(attributes.filter((text) => !/^class=language-\w+$/.test(text))).toEqual([]);
    if (node.tagName === 'details') expect(node.childNodes.find(isElement)?.tagName).toBe('summary');
    if (node.tagName === 'summary') expect(within.at(-1)).toBe('details');
    if (node.tagName === 'details') expect(within.filter((name) => name !== 'details')).toEqual([]);
  }
  const outside = nodes.filter(({ within }) => !within.includes('code') && !within.includes('pre'));
  const prose = outside.map(({ node }) => ('value' in node ? node.value : '')).join('\n');
  expect(prose).not.toMatch(/[@<>]|EVIL|::|https?:/);
}

/** Each one tries to leave the place where it is shown. All of them say EVIL. */
const HOSTILE = [
  '</code></summary></details><img src=x onerror=EVIL>',
  '</details>\n\n<script>EVIL</script>\n\n<details>',
  '```\n# EVIL\n```\n@EVIL',
  '````\n~~~\n````\nEVIL\n-->',
  '--> EVIL <!-- llmform {"cmd":"plan","plan":"sha256:EVIL"} -->',
  '::error file=EVIL::EVIL\n::stop-commands::EVIL',
  '| EVIL | `EVIL` | \\| \\\\| |\n| --- | --- |\n| EVIL |',
  '@EVIL/team #1 GH-1 https://EVIL.example www.EVIL.example EVIL@example.com',
  '[EVIL](https://EVIL.example) ![EVIL](x) [^EVIL] <https://EVIL.example>',
  '&lt;b&gt;EVIL&#60;img&#62; &EVIL; $EVIL$ $`EVIL`$ **EVIL** _EVIL_ ~~EVIL~~',
  '\u202eEVIL\u202c\u200b\u0000\u001b[31mEVIL\u{e0041}\ud800',
  '    EVIL\n\n\t- [ ] EVIL\n> EVIL\n\n---\n\n# EVIL\n\n1. EVIL',
  '<!doctype html><EVIL/><?EVIL?><![CDATA[EVIL]]>',
];

/** The same text wherever a plan takes one. */
function planWith(text: string): ShownPlan {
  const long = `${'many words stay as they are, '.repeat(8)}${text}`;
  const fields: FieldChange[] = [
    { path: `/${text}`, before: text, after: `${text}!`, last: text, cause: 'both' },
    { path: '/prompt', before: `${long} a`, after: `${long} b`, cause: 'manifest' },
    { path: '/made', after: `${text}\n`.repeat(5), cause: 'manifest', forcesReplacement: true },
    { path: '/urls', before: [{ [text]: long }], after: [{ [text]: text }], cause: 'drift' },
  ];
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'vendor',
    summary: text,
    detail: text,
    file: text,
  };
  return planOf(
    (['delete', 'replace', 'update', 'adopt', 'create', 'orphan'] as const).map((action) =>
      change(`anam-prod/LLM/${text.replaceAll('/', '_')}${action}`, action, {
        id: text,
        blocked: { reason: 'foreign', mark: text },
        source: { file: text, line: 1 },
        fields,
        requests: [{ method: 'PUT', path: `/${text}`, body: { [text]: text } }],
      }),
    ),
    { fingerprint: text, diagnostics: [diagnostic, { severity: 'warning', code: 'yaml', summary: text }] },
  );
}

describe('what GitHub makes of a plan', () => {
  it.each(HOSTILE)('holds %j as text', (text) => {
    expectSound(planMarkdown(planWith(text), targets));
    expectSound(planMarkdown(planWith(text), targets, { limit: 4_000 }));
    expectSound(validateMarkdown({ valid: false, manifests: 1, diagnostics: planWith(text).diagnostics }));
    const outcomes = (['applied', 'failed', 'stale', 'skipped'] as const).map((status) => ({
      address: `a/LLM/${text.replaceAll('/', '_')}`,
      action: 'update' as const,
      status,
      id: text,
      error: { code: text, message: text, httpStatus: 422 },
      notPersisted: [`/${text}`],
    }));
    const summary = { applied: 1, failed: 1, stale: 1, skipped: 1 };
    const requests = { read: 1, write: 1 };
    const { diagnostics } = planWith(text);
    expectSound(
      applyMarkdown({ formatVersion: '1', fingerprint: text, summary, requests, outcomes, diagnostics }),
    );
  });

  it('holds everything else as text, too', () => {
    fc.assert(
      fc.property(anyPlan, anyReport, (plan, report) => {
        expectSound(planMarkdown(plan, targets));
        expectSound(applyMarkdown(report));
      }),
      { numRuns: 60 },
    );
  });

  it('is a headline, a table, folded objects and a foot, side by side', () => {
    const top = topOf(htmlOf(planMarkdown(busyPlan, targets))).filter(isElement);
    expect(top.map(({ tagName }) => tagName)).toEqual([
      'p',
      'table',
      'ul',
      ...busyPlan.changes.map(() => 'details'),
      'p',
    ]);
    expect(top.map(textOf).at(-1)).toMatch(/^4 reads to plan, 7 writes to apply\. Fingerprint sha256:4f4f/);
  });
});

describe('the room of a markdown report', () => {
  const length = {
    characters: (text: string) => text.length,
    bytes: (text: string) => Buffer.byteLength(text),
  };
  const budget = fc.record({
    limit: fc.integer({ min: 2_000, max: 30_000 }),
    measure: fc.constantFrom('characters' as const, 'bytes' as const),
    rest: fc.constantFrom('in the [job summary](https://github.example/o/r/actions/runs/1)', 'elsewhere'),
  });

  it('is never exceeded by a plan, and what is hidden is counted', () => {
    fc.assert(
      fc.property(
        fc.array(anyPlan, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        budget,
        (plans, times, { limit, measure, rest }) => {
          const again = <T>(items: T[]) => Array.from({ length: times }, () => items).flat();
          const plan = {
            ...(plans[0] as ShownPlan),
            changes: again(plans.flatMap(({ changes }) => changes)),
            diagnostics: again(plans.flatMap(({ diagnostics }) => diagnostics)),
          };
          const { text, hidden, cut } = planDocument(plan, targets, { limit, measure, rest });
          expect(length[measure](text)).toBeLessThanOrEqual(limit);
          const shown = topOf(htmlOf(text)).filter(
            (node) =>
              isElement(node) &&
              node.tagName === 'details' &&
              !/^\d+ (error|warning|released)/.test(textOf(node).trim()),
          );
          expect(shown.length + hidden).toBe(plan.changes.length);
          expect(text.includes(`(size limit); all are ${rest}._`)).toBe(cut);
          expect(cut || hidden === 0).toBe(true);
          // With all the room there is nothing is left out, and what was whole before stays the same.
          const all = planDocument(plan, targets, { limit: Number.POSITIVE_INFINITY, rest });
          expect(all.cut).toBe(false);
          if (!cut) expect(text).toBe(all.text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is never exceeded by 500 targets, a thousand messages and five hundred long objects', () => {
    const many = Array.from({ length: 500 }, (_, i) => `target-${'x'.repeat(200)}-${i}`);
    const plan = planOf(
      many.map((name) => ({ ...planWith('ü'.repeat(3_000)).changes[2], address: `${name}/LLM/a` }) as never),
      {
        diagnostics: many.flatMap((name, i): Diagnostic[] => [
          { severity: 'warning', code: 'yaml', summary: name, detail: 'hint\n'.repeat(400) },
          { severity: 'error', code: 'vendor', summary: `refused ${i}`, detail: 'e'.repeat(100_000) },
        ]),
      },
    );
    for (const limit of [2_000, 10_000, 60_000, 64_000]) {
      const { text, hidden } = planDocument(plan, targets, { limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(hidden).toBeGreaterThan(400);
      expectSound(text);
    }
    const summary = planDocument(plan, targets, { limit: 900_000, measure: 'bytes' });
    expect(Buffer.byteLength(summary.text)).toBeLessThanOrEqual(900_000);
    expect(Buffer.byteLength(summary.text)).toBeGreaterThan(850_000);
  });

  it('is never exceeded by the result of an apply, or by findings', () => {
    fc.assert(
      fc.property(
        anyReport,
        fc.integer({ min: 1, max: 300 }),
        budget,
        (one, times, { limit, measure, rest }) => {
          const again = <T>(items: T[]) => Array.from({ length: times }, () => items).flat();
          const report = { ...one, outcomes: again(one.outcomes), diagnostics: again(one.diagnostics) };
          const text = applyMarkdown(report, { limit, measure, rest });
          expect(length[measure](text)).toBeLessThanOrEqual(limit);
          expectSound(text.replaceAll(rest, ''));
          const findings = { valid: false, manifests: 1, diagnostics: report.diagnostics };
          expect(length[measure](validateMarkdown(findings, { limit, measure, rest }))).toBeLessThanOrEqual(
            limit,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is enough for a fingerprint at the end of a long hint, on lines that need no scrolling', () => {
    const fingerprint = `sha256:${'ab'.repeat(32)}`;
    const detail = `${'Many words of why. '.repeat(30)}The way out: ${fingerprint}`;
    const finding: Diagnostic = { severity: 'error', code: 'stale', summary: 'moved', detail };
    const text = validateMarkdown({ valid: false, manifests: 1, diagnostics: [finding] });
    expect(text).toContain(fingerprint);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100);
  });

  it('goes to errors before warnings', () => {
    const diagnostics = Array.from({ length: 200 }, (_, i): Diagnostic => {
      return {
        severity: i === 199 ? 'error' : 'warning',
        code: 'yaml',
        summary: `message ${i} ${'x'.repeat(80)}`,
      };
    });
    const text = validateMarkdown(
      { valid: false, manifests: 1, diagnostics },
      { limit: 5_000, rest: 'below' },
    );
    expect(text).toContain('error[yaml] message 199');
    expect(text).toMatch(/_\d+ more messages not shown here; all are below\._/);
  });
});

it('a foreign sentence mentions no user', () => {
  const nodes = nodesOf(htmlOf(inlineText('ask @octocat, see #12')));
  const said = (texts: typeof nodes) => texts.map(({ node }) => ('value' in node ? node.value : '')).join('');
  expect(said(nodes).trim()).toBe('ask @octocat, see #12');
  expect(said(nodes.filter(({ within }) => !within.includes('code')))).not.toMatch(/[@#]/);
});
