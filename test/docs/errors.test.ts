import { describe, expect, it } from 'vitest';
import { readPage } from './pages.js';

const page = readPage('docs/errors.md');
const [findings = '', changes = ''] = page.split('## Codes of a failed change');

describe('the page on errors', () => {
  it('has an entry with text for every code of a finding, and for no other', () => {
    const entries = findings.split(/^### /m).slice(1);
    const described = entries.filter((entry) => /^`[a-z-]+`\n\n.{30,}/.test(entry));
    expect(described.map((entry) => entry.split('`')[1]).sort()).toEqual(codesIn('src/model/diagnostic.ts'));
  });

  it('has a row with meaning and way out for every code of a failed request', () => {
    const rows = [...changes.matchAll(/^\| `([a-z-]+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code);
    expect(rows).toEqual(expect.arrayContaining(codesIn('src/model/vendor-error.ts')));
  });
});

/** The members of the closed union of codes that a file declares. */
function codesIn(path: string): string[] {
  const codes = [...readPage(path).matchAll(/^ {2}(?:\| )?'([a-z-]+)'/gm)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(10);
  return codes.sort();
}
