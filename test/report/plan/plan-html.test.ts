import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, findingsHtml, foldFindings, planHtml } from '../../../src/report/index.js';
import { anyPlan, nasty } from '../../support/arbitrary-plans.js';
import { isElement, nodesOf, textOf, topOf } from '../../support/rendered.js';
import { busyPlan, change, planOf } from '../../support/report-samples.js';

const OURS = new Set('p ul li details summary section h4 code pre span del ins'.split(' '));
const ATTRIBUTES = /^(class="[a-z- ]+"|data-key=".*"|aria-hidden="true")$/s;

/** Nothing of a text became markup: only our elements, and of attributes only our own. */
function expectSound(html: string): void {
  for (const { node } of nodesOf(html)) {
    expect(node.nodeName).not.toBe('#comment');
    if (!isElement(node)) continue;
    expect(OURS).toContain(node.tagName);
    for (const { name, value } of node.attrs) expect(`${name}="${value}"`).toMatch(ATTRIBUTES);
  }
}

/** The texts of all elements of a class. */
function all(html: string, kind: string): string[] {
  const nodes = nodesOf(html).map(({ node }) => node);
  return nodes
    .filter((node) => isElement(node) && node.attrs.some((a) => a.value.split(' ').includes(kind)))
    .map(textOf);
}

function changed(html: string, tag: 'del' | 'ins'): string[] {
  return nodesOf(html)
    .filter(({ node }) => node.nodeName === tag)
    .map(({ node }) => textOf(node));
}

describe('a plan as HTML', () => {
  const html = planHtml(busyPlan);

  it('has the verdict, and a folded block for each object, dangerous ones first', () => {
    expectSound(html);
    expect(all(html, 'verdict')).toEqual([
      'Plan: 2 to create, 2 to update, 1 to replace, 1 to delete, 1 not adopted; 12 unchanged.',
    ]);
    const titles = topOf(html).flatMap((node) =>
      isElement(node) && node.tagName === 'details' ? [textOf(node.childNodes[0] as never)] : [],
    );
    expect(titles.slice(0, 3)).toEqual([
      'delete anam-prod/LLM/legacy',
      'replace anam-prod/LLM/switcher 2 fields',
      'update anam-prod/LLM/support 4 fields',
    ]);
    expect(titles).toHaveLength(busyPlan.changes.length);
  });

  it('shows fields as the command does, with more than colour', () => {
    expect(changed(html, 'del')).toContain('removed: "gpt-4o"');
    expect(changed(html, 'ins')).toContain('added: "gpt-5"');
    expect(changed(html, 'ins')).toContain('added: patient, cheerful');
    expect(changed(html, 'ins')).toContain('added: +   "supportsStreaming": false');
    expect(all(html, 'tag')).toContain('forces replacement');
    expect(all(html, 'tag')).toContain('both: conflict');
    expect(all(html, 'last')).toEqual(['last applied: "chat"']);
    expect(all(html, 'sensitive')).toEqual([
      '(sensitive, from OPENAI_API_KEY)',
      '(sensitive, from OPENAI_API_KEY)',
    ]);
    expect(all(html, 'requests')[0]).toMatch(/^1 requestDELETE \/v1\/llms\//);
  });

  it('lists released fields with what they were before, and says what is not managed', () => {
    const released = [
      { address: 'a/LLM/b', path: '/description', applied: 'new', before: null },
      { address: 'a/LLM/b', path: '/secret', applied: 'sk-1', sensitive: true as const },
    ];
    const page = planHtml(planOf([], { released, unmanaged: [{ target: 'a', kind: 'LLM', count: 3 }] }));
    expectSound(page);
    expect(all(page, 'released')[0]).toContain('a/LLM/b/description "new"  (not set before)');
    expect(page).not.toContain('sk-1');
    expect(all(page, 'hints')[0]).toContain('Not managed: 3 LLM on a.');
  });

  it('makes a change of nothing but space visible', () => {
    const words = 'so many words that they are compared one by one, and not as a whole ';
    const fields = [
      { path: '/p', before: `${words}end`, after: `${words}\n end`, cause: 'manifest' } as const,
    ];
    const page = planHtml(planOf([change('a/LLM/b', 'update', { fields })]));
    expect(changed(page, 'ins').join()).toMatch(/[↵·]/);
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expectSound(planHtml(plan));
        expectSound(findingsHtml(foldFindings(plan.diagnostics), 'short').shown);
      }),
      { numRuns: 60 },
    );
  });

  it('escapes text for elements and for quoted attributes', () => {
    expect(escapeHtml('<b a="\'">&\u202e`\n\t')).toBe('&#60;b a=&#34;&#39;&#34;&#62;&#38;\\u202e&#96;\n\t');
    fc.assert(
      fc.property(nasty, (text) => {
        const [node] = topOf(`<p title="${escapeHtml(text)}">${escapeHtml(text)}</p>`);
        if (node === undefined || !isElement(node)) throw new Error('the paragraph is gone');
        expect(textOf(node)).toBe(node.attrs[0]?.value);
        expect(node.attrs).toHaveLength(1);
      }),
    );
  });
});

describe('diagnostics as HTML', () => {
  it('are a list that names severity, code, place and the way out', () => {
    const { shown: html } = findingsHtml(
      foldFindings([
        { severity: 'error', code: 'schema', summary: 'no <b>', detail: 'add\nit', file: 'a.yaml', line: 3 },
      ]),
      'short',
    );
    expectSound(html);
    expect(all(html, 'diagnostic')).toEqual(['error[schema] a.yaml:3 no <b> add\nit']);
    expect(findingsHtml([], 'short').shown).toBe('');
  });
});
