import { describe, expect, it } from 'vitest';
import { createApprovals } from '../../../src/watch/reconcile/approvals.js';

describe('an approval of the page', () => {
  it('is for the next run of its target, used or not', () => {
    const approvals = createApprovals([]);
    approvals.approve('a', 'f1');
    expect(approvals.of('a')).toEqual([{ fingerprint: 'f1', onlyOnce: false }]);
    expect(approvals.of('b')).toEqual([]);
    expect(approvals.settle('a', 'f1')).toBeUndefined();
    expect(approvals.of('a')).toEqual([]);
  });

  it('is returned when the plan was another one', () => {
    const approvals = createApprovals([]);
    approvals.approve('a', 'f1');
    expect(approvals.settle('a', undefined)).toBe('f1');
    expect(approvals.of('a')).toEqual([]);
  });

  it('gives way to a later one', () => {
    const approvals = createApprovals([]);
    approvals.approve('a', 'f1');
    approvals.approve('a', 'f2');
    expect(approvals.of('a')).toEqual([{ fingerprint: 'f2', onlyOnce: false }]);
  });
});

describe('an approval of the command line', () => {
  it('waits for its plan, of whatever target, and is used up once', () => {
    const approvals = createApprovals(['f1']);
    const once = [{ fingerprint: 'f1', onlyOnce: true }];
    approvals.settle('a', undefined);
    expect(approvals.of('a')).toEqual(once);
    expect(approvals.of('b')).toEqual(once);
    approvals.settle('b', 'f1');
    expect(approvals.of('a')).toEqual([]);
  });
});
