import { describe, expect, it } from 'vitest';
import { type Baseline, createBaselines } from '../../src/diff/baseline.js';
import { diffObject } from '../../src/diff/diff-object.js';
import { overlayIgnored } from '../../src/diff/ignore-changes.js';
import { readManifests } from '../../src/manifest/read-manifests.js';
import { canonicalJson, type JsonObject } from '../../src/model/json.js';
import type { Ledger } from '../../src/model/ledger.js';
import type { Manifest } from '../../src/model/manifest.js';
import { expectId } from '../../src/model/parse-answer.js';
import type { Kind, Live } from '../../src/model/vendor.js';
import { VendorError } from '../../src/model/vendor-error.js';
import { type MatchResult, matchObjects } from '../../src/plan/match/match.js';
import { buildUpdateRequest } from '../../src/plan/requests.js';
import { parseResponse } from '../../src/platform/http/parse-response.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { project } from '../support/corpus-project.js';
import { digest, projectOf, target } from '../support/kinds.js';
import { ledgerOf } from '../support/ledger.js';
import { type Subject, subjects } from './subjects.js';

// Every fault that hostile input has found, each by itself.

const goodmem = subjectOf('goodmem LLM');
const flashback = subjectOf('flashback LLM');

describe('diff', () => {
  it('a label that is ignored is not removed because its value is null', () => {
    const live = { labels: { theirs: null } };
    const desired = overlayIgnored({ labels: {} }, live, ['/labels/theirs'], goodmem.kind.rules);
    expect(diffObject(desired, live, goodmem.kind.rules, baseline()).changes).toEqual([]);
  });

  it('an ignored place survives in an object that is not declared, when the field around it is sent whole', () => {
    const live: Live = { id: 'x', spec: { clientConfig: { timeout: 1, proxy: { url: 'u', rest: 1 } } } };
    const { rules } = goodmem.kind;
    const desired = overlayIgnored(
      { clientConfig: { timeout: 2 } },
      live.spec,
      ['/clientConfig/proxy/url'],
      rules,
    );
    const { fields, maps } = diffObject(desired, live.spec, rules, baseline());
    expect(buildUpdateRequest(goodmem.kind, live, { spec: desired, fields, maps }, '')?.body).toEqual({
      clientConfig: { timeout: 2, proxy: { url: 'u' } },
    });
  });

  it('an ignored place in a label that is not declared does not declare it', () => {
    const { rules } = subjectOf('anam LLM').kind;
    const live = { metadata: { theirs: { a: 1, b: 2 } } };
    const desired = overlayIgnored({ metadata: {} }, live, ['/metadata/theirs/a'], rules);
    expect(diffObject(desired, live, rules, baseline()).changes).toEqual([]);
  });

  it.each(['hasOwnProperty', 'toString', 'valueOf'])('a label called %s can be removed', (key) => {
    const entry = { vendor: 'goodmem', id: 'x', applied: { [`/labels/${key}`]: 'a digest' } };
    const { changes } = diffObject({}, { labels: { [key]: 'a' } }, goodmem.kind.rules, {
      ...baseline(),
      entry,
    });
    expect(changes).toEqual([{ path: `/labels/${key}`, before: 'a', cause: 'both' }]);
  });
});

describe('match', () => {
  const one = manifest('one');
  const two = manifest('two');

  it('who gets an object that two manifests want does not depend on the order of their files', () => {
    const orders = [
      [one, two],
      [two, one],
    ].map((manifests) =>
      matchIn({ manifests: manifests.map((each) => ({ ...each, id: 'x' })), live: ['x'] }),
    );
    expect(orders[0]?.bindings.map(({ manifest: { name } }) => name)).toEqual(['one']);
    expect(orders[1]).toEqual(orders[0]);
  });

  it('an object that one manifest binds is not removed as the leftover of another one', () => {
    const intents = { 'here/LLM/two': { vendor: 'flashback', known: [] } };
    const objects = { 'here/LLM/two': { vendor: 'flashback', id: 'y', applied: {} } };
    const { bindings } = matchIn({
      manifests: [{ ...one, id: 'x' }, two],
      live: ['x', 'y'],
      objects,
      intents,
    });
    expect(bindings.map(({ live, duplicates }) => [live?.id, duplicates])).toEqual([
      ['x', []],
      ['y', []],
    ]);
  });

  it('what is removed as a left-over is not offered to another manifest of that name', () => {
    const intents = { 'here/LLM/two': { vendor: 'flashback', known: [] } };
    const objects = { 'here/LLM/two': { vendor: 'flashback', id: 'y', applied: {} } };
    const { bindings } = matchIn({ manifests: [one, two], live: ['x', 'y'], objects, intents });
    expect(bindings.map(({ manifest: { name }, live, duplicates }) => [name, live?.id, duplicates])).toEqual([
      ['two', 'y', ['x']],
      ['one', undefined, []],
    ]);
  });

  it('which of two objects with one mark is the orphan does not depend on the order of the listing', () => {
    const marked = (id: string): Live => ({
      id,
      spec: { labels: { 'llmform.address': 'mine/here/LLM/gone' } },
    });
    const orders = [
      [marked('x'), marked('y')],
      [marked('y'), marked('x')],
    ].map((live) => matchIn({ manifests: [], live }, goodmem.kind).orphans);
    expect(orders[1]).toEqual(orders[0]);
  });
});

it('an object that the ledger knows by two addresses is an orphan once', () => {
  const entry = { vendor: 'flashback', id: 'x', applied: {} };
  const objects = { 'here/LLM/one': entry, 'here/LLM/two': entry };
  const { orphans, forgotten } = matchIn({ manifests: [], live: ['x'], objects });
  expect([orphans.map(({ address }) => address), forgotten]).toEqual([['here/LLM/one'], ['here/LLM/two']]);
});

describe('replies', () => {
  it('JSON nested without end is an unexpected answer, and does not run us out of stack', () => {
    const text = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const ask = () =>
      parseResponse({ status: 200, headers: {}, text }, flashback.vendor, 'GET /', (said) => said);
    expect(ask).toThrow(
      expect.objectContaining({ code: 'unexpected', message: expect.stringContaining('nested') }),
    );
  });

  it.each([
    ['of half a character', '\ud800'],
    ['of megabytes', 'x'.repeat(5_000_000)],
    ['that leads out of its path', '..'],
    ['that is empty', ''],
  ])('an id %s is an unexpected answer', (_, id) => {
    expect(() => expectId(id, 'id')).toThrow(VendorError);
  });
});

describe('manifests', () => {
  it.each([
    ['an escape as it is', 'a: "x\u001b[2J"\n', 1, 6],
    ['a C1 control', 'a: 1\nb: \u009b2J\n', 2, 4],
    ['NUL', 'a: 1\n\u0000', 2, 1],
  ])('%s in YAML is told with its place', (_, text, line, column) => {
    const [first] = findings(text);
    expect(first).toMatchObject({ severity: 'error', code: 'yaml', line, column });
    expect(first?.summary).toMatch(/^the control character U\+[0-9A-F]{4} is not allowed in YAML$/);
  });

  it.each(['%NOPE 1', '%YAML 9.9'])('the directive %s is told, not passed over', (directive) => {
    expect(findings(`${directive}\n---\nkind: LLM\n`)[0]).toMatchObject({ severity: 'error', code: 'yaml' });
  });
});

function findings(text: string) {
  return readManifests([{ file: 'a.yaml', bytes: new TextEncoder().encode(text) }], project, vendors)
    .diagnostics;
}

function subjectOf(title: string): Subject {
  const found = subjects.find((subject) => subject.title === title);
  if (found === undefined) throw new Error(`there is no ${title}`);
  return found;
}

function baseline(): Baseline {
  return createBaselines({ digest: canonicalJson }).of('here/LLM/one', undefined);
}

const NAMED: JsonObject = { workspaceId: 'w', name: 'A' };

function manifest(name: string): Manifest {
  return {
    address: `here/LLM/${name}`,
    target: 'here',
    vendor: 'flashback',
    kind: 'LLM',
    name,
    preventDestroy: false,
    ignoreChanges: [],
    spec: NAMED,
    source: { file: 'a.yaml', line: 1 },
  };
}

interface Setting {
  manifests: Manifest[];
  /** Objects, or the ids of such that have the manifests' name. */
  live: readonly (string | Live)[];
  objects?: Ledger['objects'];
  intents?: Ledger['intents'];
}

function matchIn(
  { manifests, live, objects = {}, intents = {} }: Setting,
  kind: Kind = flashback.kind,
): MatchResult {
  const objectOf = (one: string | Live) => (typeof one === 'string' ? { id: one, spec: NAMED } : one);
  return matchObjects(
    { target, kind, live: live.map(objectOf), cost: 1 },
    {
      project: projectOf({ name: 'mine' }),
      targets: [target],
      manifests,
      ledger: ledgerOf({ project: 'mine', objects, intents }),
      baselines: createBaselines({ digest }),
    },
  );
}
