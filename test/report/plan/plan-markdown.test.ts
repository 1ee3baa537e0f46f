import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMarkdown, planDocument, planMarkdown, validateMarkdown } from '../../../src/report/index.js';
import { anyPlan, anyReport } from '../../support/arbitrary-plans.js';
import { busyPlan, change, mixedReport, planOf, targets } from '../../support/report-samples.js';

/** What stands outside fences, where markdown and HTML are read. Throws when a fence is left open. */
function outsideFences(markdown: string): string {
  const outside: string[] = [];
  let open: string | undefined;
  for (const line of markdown.split('\n')) {
    const run = /^ {0,3}(`{3,})/.exec(line)?.[1];
    if (open === undefined) {
      if (run === undefined) outside.push(line);
      else open = run;
    } else if (/^ {0,3}`+\s*$/.test(line) && line.trim().length >= open.length) open = undefined;
  }
  if (open !== undefined) throw new Error('a fence is left open');
  return outside.join('\n');
}

/** What is left of the prose once our own markup is taken out. */
function foreignMarkup(markdown: string): string {
  return outsideFences(markdown).replaceAll(/<\/?(details|summary|code|p|b|br)>/g, '');
}

describe('the plan as markdown', () => {
  it('starts with the verdict and a table of targets', () => {
    const lines = planMarkdown(busyPlan, targets).split('\n');
    expect(lines[0]).toBe(
      '**Plan: 2 to create, 2 to update, 1 to replace, 1 to delete, 1 not adopted; 12 unchanged.**',
    );
    expect(lines).toContain('| target | create | update | replace | adopt | delete | orphan |');
    expect(lines).toContain('| <code>anam-prod</code> |  | 1 | 1 |  | 1 |  |');
    expect(lines).toContain('| **total** | **2** | **2** | **1** | **1** | **1** | **1** |');
  });

  it('has a table of the released fields, and says what is not managed', () => {
    const released = [
      { address: 'a/LLM/b', path: '/description', applied: 'new|text', before: 'old' },
      { address: 'a/LLM/b', path: '/secret', applied: '(sensitive)', sensitive: true as const },
    ];
    const plan = planOf([], { released, unmanaged: [{ target: 'a', kind: 'LLM', count: 3 }] });
    const markdown = planMarkdown(plan, targets);
    expect(markdown).toContain('- 2 fields are no longer declared and stay as they were applied');
    expect(markdown).toContain('- Not managed: 3 LLM on a.');
    expect(markdown).toMatch(
      /<code>\/description<\/code> \| <code>&#34;new&#124;text&#34;<\/code> \| <code>&#34;old/,
    );
    const many = Array.from({ length: 1000 }, (_, i) => ({ address: `a/LLM/o${i}`, path: '/x', applied: i }));
    const short = planMarkdown(planOf([], { released: many }), targets, { limit: 4_000 });
    expect(short.length).toBeLessThanOrEqual(4_000);
    expect(short).toMatch(/\d+ released fields not listed \(size limit\)/);
  });

  it('has one block for each object, dangerous ones first', () => {
    const titles = planMarkdown(busyPlan, targets).match(/<summary><b>\S+ (\w+)/g) ?? [];
    expect(titles.map((title) => title.split(' ').at(-1))).toEqual([
      'delete',
      'replace',
      'update',
      'update',
      'adopt',
      'create',
      'create',
      'orphan',
    ]);
  });

  it('shows fields as a diff and requests in full', () => {
    const text = planMarkdown(busyPlan, targets);
    expect(text).toContain('@@ /modelName @@ manifest\n- "gpt-4o"\n+ "gpt-5"\n');
    expect(text).toContain(
      '@@ /description @@ drift\n! You are Mia, a [-kind-]{+patient, cheerful+} assistant',
    );
    expect(text).toContain('+ /display_name: "Guide"\n');
    expect(text).toContain('@@ /secret @@ manifest\n! (sensitive, from OPENAI_API_KEY)\n');
    expect(text).toContain(
      '```\nPOST /v1/llms {"displayName":"Switcher","llmFormat":"anthropic"}\nDELETE /v1/',
    );
  });

  it('stays within the length of a comment and says what it left out', () => {
    const fields = [{ path: '/x', after: 'word '.repeat(300), cause: 'manifest' } as const];
    const changes = Array.from({ length: 300 }, (_, i) =>
      change(`anam-prod/LLM/n${i}`, 'create', { fields }),
    );
    const text = planMarkdown(planOf(changes), targets);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/_\d+ more objects not shown here/);
    expect(text).toContain('Fingerprint');
  });

  it('keeps the title of an object that has no room, and all of the small ones', () => {
    const long = Array.from({ length: 150 }, (_, i) => {
      return { path: `/f${i}`, after: `${'long '.repeat(390)}\nend`, cause: 'manifest' } as const;
    });
    const changes = [
      change('anam-prod/LLM/big', 'replace', { fields: long }),
      change('anam-prod/LLM/small', 'create', {
        fields: [{ path: '/a', after: 'b', cause: 'unknown' }],
      }),
    ];
    const text = planMarkdown(planOf(changes), targets);
    expect(text).toMatch(
      /<p><b>\S+ replace<\/b> <code>anam-prod\/LLM\/big<\/code> · .*, 146 more · too long to show here<\/p>/,
    );
    expect(text).toContain('+ /a: "b"');
    expect(text).not.toContain('not shown here');
  });

  it('says that messages were cut, which a reviewer has to see as well', () => {
    const message = { severity: 'warning', code: 'vendor', summary: 'odd' } as const;
    const page = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
    const fits = planDocument(planOf([], { diagnostics: [{ ...message, detail: page }] }), targets);
    expect(fits.text).toContain('line 49');
    expect(fits.cut).toBe(false);
    const many = Array.from({ length: 100 }, () => ({ ...message, detail: page.repeat(10) }));
    const { text, hidden, cut } = planDocument(planOf([], { diagnostics: many }), targets);
    expect(text).toContain('… 481 more lines');
    expect(text).toContain('_messages shortened (size limit); the JSON form of the plan holds all._');
    expect({ hidden, cut }).toEqual({ hidden: 0, cut: true });
  });

  it('neutralises mentions, HTML, comments and fences of others', () => {
    const evil = '@octocat <!-- llmform --> </details> | **b** `x` #1';
    const fields = [{ path: '/d', before: `${evil}\n\`\`\`\`\nend`, after: 'x', cause: 'drift' } as const];
    const plan = planOf([
      change('anam-prod/LLM/a', 'update', { id: evil, blocked: { reason: 'foreign', mark: evil }, fields }),
    ]);
    const text = planMarkdown(plan, targets);
    expect(text).not.toContain('<!--');
    expect(text).toContain('\n`````diff\n');
    expect(foreignMarkup(text)).not.toMatch(/@octocat|<|\*\*b|`x`/);
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const text = planMarkdown(plan, targets);
        expect(text).not.toContain('<!--');
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect(foreignMarkup(text)).not.toMatch(/[<>@]/);
      }),
    );
  });

  it('is one line and a footer when there is nothing to change', () => {
    expect(planMarkdown(planOf([]), targets).split('\n').slice(0, 2)).toEqual([
      '**No changes: 12 objects up to date.**',
      '',
    ]);
  });
});

describe('the result of an apply as markdown', () => {
  it('opens with what needs a look and folds the rest', () => {
    const text = applyMarkdown(mixedReport);
    expect(text).toMatch(/^\*\*Apply: 2 applied, 1 failed, 1 stale, 1 skipped\.\*\*/);
    expect(text).toContain(
      '| failed | create | <code>avatars/LLM/guide</code> | <code>422 invalid: model&#95;name',
    );
    expect(text).toContain('<code>/temperature</code>, <code>/maxTokens</code>');
    expect(text.indexOf('<details>')).toBeLessThan(text.indexOf('anam-prod/LLM/support'));
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = applyMarkdown(report);
        expect(foreignMarkup(text)).not.toMatch(/[<>@]/);
        const columns = outsideFences(text)
          .split('\n')
          .filter((line) => line.startsWith('| '));
        for (const line of columns) expect([3, 4]).toContain(line.split('|').length - 2);
        const findings = { valid: false, manifests: 1, diagnostics: report.diagnostics };
        expect(foreignMarkup(validateMarkdown(findings))).not.toMatch(/[<>@]/);
      }),
    );
  });
});
