import { describe, expect, it } from 'vitest';
import { type DiagnosticCode, DiagnosticError, error } from '../../../src/model/diagnostic.js';
import type { Outcome } from '../../../src/model/outcome.js';
import { VendorError, type VendorErrorCode } from '../../../src/model/vendor-error.js';
import {
  classifyDiagnostics,
  classifyError,
  classifyOutcomes,
} from '../../../src/watch/reconcile/classify-error.js';
import { RunStoppedError } from '../../../src/watch/schedule/run-limit.js';

describe('a run that findings kept from its work', () => {
  it.each<[DiagnosticCode, string]>([
    ['vendor', 'error'],
    ['ledger', 'error'],
    ['file', 'error'],
    ['stale', 'error'],
    ['credential', 'terminal'],
    ['schema', 'terminal'],
    ['guard', 'terminal'],
  ])('for %s ends as %s', (code, result) => {
    expect(classifyDiagnostics([error(code, 'it is so')])).toEqual({
      result,
      error: { code, message: 'it is so' },
    });
  });

  it('is retried when one of several may pass, and that one is named', () => {
    const found = [error('schema', 'a field is missing'), error('vendor', 'a server is down')];
    expect(classifyDiagnostics(found)).toEqual({
      result: 'error',
      error: { code: 'vendor', message: 'a server is down' },
    });
  });
});

describe('a run that threw', () => {
  it.each<[VendorErrorCode, string]>([
    ['server', 'error'],
    ['unreachable', 'error'],
    ['rate-limited', 'error'],
    ['unauthorized', 'terminal'],
    ['invalid', 'terminal'],
    ['tls', 'terminal'],
  ])('a fault %s of the vendor ends as %s', (code, result) => {
    expect(classifyError(new VendorError(code, 'it failed'))).toEqual({
      result,
      error: { code, message: 'it failed' },
    });
  });

  it('its diagnostics decide, where it has some', () => {
    expect(classifyError(new DiagnosticError(error('project', 'no target')))).toMatchObject({
      result: 'terminal',
    });
  });

  it('is retried when it was stopped, and after a fault of our own', () => {
    expect(classifyError(new RunStoppedError('timeout', 'it took too long'))).toEqual({
      result: 'error',
      error: { code: 'timeout', message: 'it took too long' },
    });
    expect(classifyError(new TypeError('x is undefined'))).toMatchObject({
      result: 'error',
      error: { code: 'internal' },
    });
  });
});

describe('a run that applied', () => {
  const outcome = (address: string, more: Partial<Outcome>): Outcome => ({
    address,
    action: 'update',
    status: 'applied',
    ...more,
  });
  const failed = (address: string, code: string) =>
    outcome(address, { status: 'failed', error: { code, message: 'no' } });

  it('has nothing to say where all was applied, or held back', () => {
    const held = outcome('b', { status: 'skipped', error: { code: 'held', message: 'no window' } });
    expect(classifyOutcomes([outcome('a', {}), held])).toBeUndefined();
  });

  it('is retried when a failure may pass, whatever else failed', () => {
    expect(classifyOutcomes([failed('a', 'invalid'), failed('b', 'server')])).toEqual({
      result: 'error',
      error: { code: 'server', message: 'b: no' },
    });
    expect(classifyOutcomes([failed('a', 'invalid')])).toMatchObject({ result: 'terminal' });
  });

  it('is retried when an object was stale', () => {
    const stale = outcome('a', { status: 'stale', error: { code: 'stale', message: 'it changed' } });
    expect(classifyOutcomes([stale])).toEqual({
      result: 'error',
      error: { code: 'stale', message: 'a: it changed' },
    });
  });

  it('waits for a change where the vendor did not keep what was written', () => {
    expect(classifyOutcomes([outcome('a', { notPersisted: ['/size', '/color'] })])).toEqual({
      result: 'terminal',
      error: { code: 'not-persisted', message: 'a: the vendor did not keep /size, /color' },
    });
  });
});
