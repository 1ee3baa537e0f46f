import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import {
  diagnosticsGithub,
  diagnosticsText,
  validateGithub,
  validateText,
} from '../../../src/report/index.js';

const plain = { color: false };

const typo: Diagnostic = {
  severity: 'error',
  code: 'unknown',
  summary: 'unknown field "modelNam" in an Anam LLM',
  detail: 'Did you mean "modelName"?',
  file: 'llms/support.yaml',
  line: 7,
  column: 3,
  excerpt: '  modelNam: gpt-5',
};

const unset: Diagnostic = {
  severity: 'warning',
  code: 'secret',
  summary: 'the variable KEY is not set',
  address: 'anam-prod/LLM/a',
};

describe('diagnostics as text', () => {
  it('look like those of a compiler', () => {
    expect(diagnosticsText([typo], plain)).toBe(
      [
        'error[unknown] llms/support.yaml:7:3 unknown field "modelNam" in an Anam LLM',
        '  7 |   modelNam: gpt-5',
        '    |   ^',
        '  Did you mean "modelName"?',
        '1 error',
        '',
      ].join('\n'),
    );
  });

  it('come in the order of the files, what has none last, with their number', () => {
    const others: Diagnostic[] = [
      unset,
      { ...typo, line: 20 },
      { ...typo, line: 3 },
      { ...typo, file: 'a.yaml' },
    ];
    const text = diagnosticsText(others, plain);
    expect(text.match(/^\w+\[\w+\] \S+/gm)).toEqual([
      'error[unknown] a.yaml:7:3',
      'error[unknown] llms/support.yaml:3:3',
      'error[unknown] llms/support.yaml:20:3',
      'warning[secret] anam-prod/LLM/a',
    ]);
    expect(text).toMatch(/\n3 errors, 1 warning\n$/);
  });

  it('say nothing when there is nothing to say', () => {
    expect(diagnosticsText([], plain)).toBe('');
    expect(diagnosticsGithub([])).toBe('');
  });

  it('keep the caret under its column in a long line, and with tabs and controls before it', () => {
    for (const start of ['\t\tkey: ', 'x'.repeat(300), '\u001b[31m ', '']) {
      const excerpt = `${start}HERE${'z'.repeat(300)}`;
      const text = diagnosticsText([{ ...typo, excerpt, column: start.length + 1 }], { ...plain, width: 80 });
      const [, shown = '', caret = ''] = text.split('\n');
      expect(shown.length).toBeLessThanOrEqual(80);
      expect(shown.slice(caret.indexOf('^'))).toMatch(/^HERE/);
      expect(text).not.toContain('\u001b');
    }
  });

  it('are coloured only when asked', () => {
    expect(diagnosticsText([typo], plain)).not.toContain('\u001b');
    expect(diagnosticsText([typo], { color: true })).toContain('\u001b[31m');
  });
});

describe('diagnostics as annotations', () => {
  it('are workflow commands with file, line, column and title', () => {
    expect(diagnosticsGithub([typo])).toBe(
      '::error file=llms/support.yaml,line=7,col=3,title=llmform unknown::unknown field "modelNam" in an Anam LLM%0ADid you mean "modelName"?\n',
    );
    expect(diagnosticsGithub([unset])).toBe(
      '::warning title=llmform secret::anam-prod/LLM/a the variable KEY is not set\n',
    );
  });

  it('cannot be broken out of', () => {
    const evil = { ...typo, file: 'a,line=1::b\n.yaml', summary: '50%\n::set-env::x\r', detail: 'a\nb' };
    const text = diagnosticsGithub([evil]);
    expect(text).toBe(
      '::error file=a%2Cline=1%3A%3Ab\\n.yaml,line=7,col=3,title=llmform unknown::50%25\\n::set-env::x\\r%0Aa%0Ab\n',
    );
  });
});

describe('the result of validate', () => {
  it('ends with a verdict', () => {
    expect(validateText({ valid: true, manifests: 14, diagnostics: [] }, plain)).toBe(
      'Valid: 14 manifests.\n',
    );
    const bad = validateText({ valid: false, manifests: 1, diagnostics: [typo] }, plain);
    expect(bad).toMatch(/1 error\nNot valid\. Manifests without a mistake of their own: 1\.\n$/);
  });

  it('is nothing but annotations for GitHub', () => {
    expect(validateGithub({ valid: true, manifests: 1, diagnostics: [] })).toBe('');
    expect(validateGithub({ valid: false, manifests: 1, diagnostics: [typo] })).toMatch(/^::error [^\n]+\n$/);
  });
});
