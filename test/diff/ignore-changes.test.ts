import { describe, expect, it } from 'vitest';
import { keepIgnored, overlayIgnored, withoutIgnored } from '../../src/diff/ignore-changes.js';
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
    const spec = { labels: { stage: 'a', team: 'ours' } };
    expect(overlayIgnored(spec, live, ['/labels/team'], rules)).toEqual({ labels: { stage: 'a' } });
  });

  it('does not change what it was given', () => {
    const spec = { options: { a: 1 } };
    overlayIgnored(spec, { options: { b: 2 } }, ['/options/b'], rules);
    expect(spec).toEqual({ options: { a: 1 } });
  });

  it('is a part of a list where both sides have it', () => {
    const spec = { options: { steps: [{ name: 'a', wait: 1 }, 'b'] } };
    const live = { options: { steps: [{ name: 'x', wait: 9 }, 'y', 'z'] } };
    expect(overlayIgnored(spec, live, ['/options/steps/0/wait', '/options/steps/1'], rules)).toEqual({
      options: { steps: [{ name: 'a', wait: 9 }, 'y'] },
    });
    expect(overlayIgnored(spec, { options: { steps: [] } }, ['/options/steps/1'], rules)).toEqual(spec);
  });

  it('is left out with the object that held nothing else, where the live one has none', () => {
    const spec = { options: { a: 1, deep: { x: 1 } } };
    expect(overlayIgnored(spec, { options: { a: 1 } }, ['/options/deep/x'], rules)).toEqual({
      options: { a: 1 },
    });
  });

  it('keeps what the ledger knows of a create, and adds nothing', () => {
    const applied = { '/labels/team': '1', '/labels/teams': '2', '/notes/a': '3', '/size': '4' };
    const before = { '/labels/team': '0', '/size': '0' };
    expect(keepIgnored(applied, before, ['/labels/team', '/notes'])).toEqual({
      '/labels/team': '0',
      '/labels/teams': '2',
      '/size': '4',
    });
  });

  it('is no part of what the ledger knows of the field around it', () => {
    const value = { a: 1, deep: { x: 1 }, list: [1, 2] };
    const pointers = ['/options/deep/x', '/options/list/0', '/other/a'];
    expect(withoutIgnored(['options'], value, pointers)).toEqual({ a: 1, list: [null, 2] });
  });
});
