import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/model/diagnostic.js';
import { ExitError } from '../../src/model/exit-error.js';
import { LlmformError } from '../../src/model/llmform-error.js';
import { VendorError } from '../../src/model/vendor-error.js';

const root = fileURLToPath(new URL('../../src', import.meta.url));

const CLASS = /class (\w+) extends (\w*Error)\b[^{]*\{([^}]*)/g;

describe('our own errors', () => {
  it('have one base, a name that ends in Error, and set it', () => {
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const classes = sources
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...readFileSync(`${root}/${path}`, 'utf8').matchAll(CLASS)])
      .map(([, name = '', base = '', body = '']) => ({ name, base, names: body.includes('readonly name') }));
    expect(classes.map(({ name }) => name)).toContain('VendorError');
    expect(classes.filter(({ name, names }) => !name.endsWith('Error') || !names)).toEqual([]);
    expect(classes.filter(({ base }) => base === 'Error').map(({ name }) => name)).toEqual(['LlmformError']);
  });

  it('carry a code, and the exit code where they end a command', () => {
    const finding = { severity: 'error', code: 'guard', summary: 'too many' } as const;
    const refused = new ExitError(4, finding);
    expect(refused).toMatchObject({ name: 'ExitError', code: 'guard', exitCode: 4, message: 'too many' });
    expect(refused).toBeInstanceOf(DiagnosticError);
    expect(refused).toBeInstanceOf(LlmformError);
  });

  it('keep all that is known of a request when they are put in other words', () => {
    const facts = { operation: 'PUT /x', status: 409, sent: false };
    const fault = new VendorError('conflict', 'no', facts);
    expect(fault.withMessage('still no')).toMatchObject({
      code: 'conflict',
      message: 'still no',
      ...facts,
      cause: fault,
    });
    expect(fault.withMessage('never', 'refused')).toMatchObject({ code: 'refused', ...facts });
  });
});
