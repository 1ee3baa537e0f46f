import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import {
  annotationOf,
  diagnosticsGithub,
  diagnosticsMarkdown,
  diagnosticsText,
  findingsHtml,
  foldFindings,
  planJson,
} from '../../../src/report/index.js';
import { planOf } from '../../support/report-samples.js';

const plain = { color: false };
const unset = (n: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'warning',
  code: 'secret',
  summary: `secret of anam-prod/LLM/a${n} cannot be resolved: KEY is not set`,
  detail: 'Set KEY.',
  address: `anam-prod/LLM/a${n}`,
  file: 'llms/a.yaml',
  line: n,
  ...more,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => unset(i + 1));
const broken: Diagnostic = { severity: 'error', code: 'vendor', summary: 'z-prod cannot be read' };

describe('equal warnings', () => {
  it('are one at the terminal, and name the objects of the others', () => {
    expect(diagnosticsText(many(3), plain)).toBe(
      [
        'warning[secret] llms/a.yaml:1 secret of anam-prod/LLM/a1 cannot be resolved: KEY is not set',
        '  Set KEY.',
        '  … and 2 more: anam-prod/LLM/a2, anam-prod/LLM/a3',
        '3 warnings',
        '',
      ].join('\n'),
    );
  });

  it('are named in part where there are many, unless everything is asked for', () => {
    const text = diagnosticsText(many(30), plain);
    expect(text).toMatch(/… and 29 more: (anam-prod\/LLM\/a\d+, ){4}anam-prod\/LLM\/a6 and 24 others\n/);
    expect(text).toMatch(/\n30 warnings \(--log-level debug shows each\)\n$/);
    expect(diagnosticsText(many(30), { ...plain, detail: 'whole' })).toContain(', anam-prod/LLM/a30\n');
    expect(diagnosticsText(many(30), { ...plain, detail: 'full' }).match(/^warning/gm)).toHaveLength(30);
  });

  it('are folded by what they say, and errors never are', () => {
    expect(
      foldFindings([unset(1), unset(2, { detail: 'Other.' }), unset(3, { code: 'audit' })]),
    ).toHaveLength(3);
    expect(foldFindings([unset(1, { severity: 'error' }), unset(2, { severity: 'error' })])).toHaveLength(2);
  });

  it('name the line where the object is named already', () => {
    const text = diagnosticsText([unset(1), unset(1, { line: 9 })], plain);
    expect(text).toContain('… and 1 more: llms/a.yaml:9\n');
  });

  it('are all named in a comment with room, which is no cut', () => {
    const lines = diagnosticsMarkdown(many(4));
    expect(lines.join('\n')).toContain('… and 3 more: anam-prod/LLM/a2, anam-prod/LLM/a3, anam-prod/LLM/a4');
    expect(lines[0]).toBe('**4 warnings**');
  });

  it('open by a click on the page, and are one annotation', () => {
    const { shown, cut } = findingsHtml(foldFindings(many(30)), 'short');
    expect(cut).toBe(false);
    expect(shown.match(/<summary>and 29 more<\/summary>/g)).toHaveLength(1);
    expect(shown).toContain('<code>anam-prod/LLM/a30</code>');
    expect(diagnosticsGithub(many(30)).match(/^::warning .*a30$/gm)).toHaveLength(1);
  });

  it('stand each for itself in JSON', () => {
    expect(JSON.parse(planJson({ ...planOf([]), diagnostics: many(30) })).diagnostics).toHaveLength(30);
  });
});

describe('errors', () => {
  it('come first at the terminal, in the comment, on the page and in annotations', () => {
    const mixed = [unset(1), broken];
    expect(diagnosticsText(mixed, plain)).toMatch(/^error.*\nwarning/);
    expect(diagnosticsMarkdown(mixed).join('\n')).toMatch(/error\[vendor\][^]*warning\[secret\]/);
    expect(findingsHtml(foldFindings(mixed), 'short').shown).toMatch(/error\[vendor\][^]*warning\[secret\]/);
    expect(diagnosticsGithub(mixed)).toMatch(/^::error .*\n::warning/);
    expect(foldFindings(mixed).map((one) => annotationOf(one).message.split('\n')[0])).toEqual([
      'z-prod cannot be read',
      'secret of anam-prod/LLM/a1 cannot be resolved: KEY is not set',
    ]);
  });
});
