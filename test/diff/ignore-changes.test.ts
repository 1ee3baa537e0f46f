import { describe, expect, it } from 'vitest';
import { omitIgnored, overlayIgnored } from '../../src/diff/ignore-changes.js';
import { rules } from '../support/kinds.js';

describe('what is ignored', () => {
  it('is taken from the live object, inside an object that is sent whole', () => {
    const spec = { options: { a: 1 }, size: 2 };
    const live = { options: { a: 9, b: 2, c: 3 }, size: 1 };
    expect(overlayIgnored(spec, live, ['/options/b'], rules)).toEqual({ options: { a: 1, b: 2 }, size: 2 });
  });

  it('is left out where the live object has nothing there', () => {
    expect(overlayIgnored({ options: { a: 1, b: 2 } }, { options: { a: 1 } }, ['/options/b'], rules)).toEqual(
      {
        options: { a: 1 },
      },
    );
  });

  it('may lie deep', () => {
    const spec = { options: { a: { x: 1 } } };
    const live = { options: { a: { x: 5, y: 6 } } };
    expect(overlayIgnored(spec, live, ['/options/a/y'], rules)).toEqual({ options: { a: { x: 1, y: 6 } } });
  });

  it('is taken along with the objects around it, which are sent whole as well', () => {
    const live = { options: { deep: { left: 1, alone: 2 } } };
    expect(overlayIgnored({ options: { a: 1 } }, live, ['/options/deep/left'], rules)).toEqual({
      options: { a: 1, deep: { left: 1 } },
    });
  });

  it('declares nothing that the manifest did not', () => {
    expect(
      overlayIgnored(
        { size: 1 },
        { size: 2, options: { a: 1 } },
        ['/options', '/options/a', '/color'],
        rules,
      ),
    ).toEqual({
      size: 1,
    });
  });

  it('may be a key of a map', () => {
    const live = { labels: { team: 'theirs', other: 'x' } };
    expect(overlayIgnored({ labels: { stage: 'a' } }, live, ['/labels/team'], rules)).toEqual({
      labels: { stage: 'a', team: 'theirs' },
    });
  });

  it('does not change what it was given', () => {
    const spec = { options: { a: 1 } };
    overlayIgnored(spec, { options: { b: 2 } }, ['/options/b'], rules);
    expect(spec).toEqual({ options: { a: 1 } });
  });

  it('is not remembered as ours either', () => {
    const applied = { '/labels/team': '1', '/labels/teams': '2', '/notes/a': '3', '/size': '4' };
    const entry = { vendor: 'test', id: 'x', applied };
    expect(omitIgnored(entry, ['/labels/team', '/notes']).applied).toEqual({
      '/labels/teams': '2',
      '/size': '4',
    });
    expect(entry.applied).toBe(applied);
  });
});
