import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/model/ledger.js';
import type { Project } from '../../../src/model/project.js';
import { type MovedStatement, NO_STATEMENTS, type Statements } from '../../../src/model/statements.js';
import { clientIdFor } from '../../../src/plan/match/identity.js';
import { createFollower } from '../../../src/plan/statements/follow-moves.js';
import { resolveStatements } from '../../../src/plan/statements/resolve-statements.js';
import { projectOf, target } from '../../support/kinds.js';
import { ledgerOf } from '../../support/ledger.js';

const source = { file: 'ledger.yaml', line: 4 };
const project: Project = {
  ...projectOf(),
  name: 'tests',
  targets: ['t', 'u'].map((name) => ({ ...target, name })),
};

const move = (from: string, to: string): MovedStatement => ({
  what: from.includes('/') ? 'object' : 'target',
  from,
  to,
  source,
});
const moves = (...moved: MovedStatement[]): Statements => ({ ...NO_STATEMENTS, moved });

const objects = (ids: Record<string, string>): Ledger['objects'] =>
  Object.fromEntries(
    Object.entries(ids).map(([address, id]) => [address, { vendor: 'test', id, applied: {} }]),
  );

function resolve(
  statements: Statements,
  ledger: Partial<Ledger>,
  {
    declared = [],
    selected = [],
    held = [],
  }: Partial<Record<'declared' | 'selected' | 'held', string[]>> = {},
) {
  const stored = ledgerOf(ledger);
  const before = structuredClone(stored);
  const manifests = declared.map((address) => ({ address }));
  const result = resolveStatements(stored, statements, { project, manifests, selected, held: new Set(held) });
  expect(stored).toEqual(before);
  const ids = Object.fromEntries(
    Object.entries(result.ledger.objects).map(([address, { id }]) => [address, id]),
  );
  return { ...result, ids };
}

describe('where moves lead', () => {
  const follow = (moved: MovedStatement[], declared: string[], from: string) =>
    createFollower(moved, { declared: new Set(declared), targets: new Set(['t', 'u']) })(from).address;

  it.each([
    ['a chain ends where there is a manifest', ['t/K/a>t/K/b', 't/K/b>t/K/c'], ['t/K/c'], 't/K/a', 't/K/c'],
    ['a shift moves once', ['t/K/a>t/K/b', 't/K/b>t/K/c'], ['t/K/b', 't/K/c'], 't/K/a', 't/K/b'],
    ['a swap moves once', ['t/K/a>t/K/b', 't/K/b>t/K/a'], ['t/K/a', 't/K/b'], 't/K/a', 't/K/b'],
    ['a circle without manifests ends', ['t/K/a>t/K/b', 't/K/b>t/K/a'], [], 't/K/a', 't/K/b'],
    ['a target and then an object', ['s>t', 't/K/a>t/K/b'], ['t/K/b'], 's/K/a', 't/K/b'],
    ['a chain of targets', ['r>s', 's>t'], [], 'r/K/a', 't/K/a'],
    ['a shift of targets', ['t>u', 's>t'], [], 's/K/a', 't/K/a'],
    ['an object before its target', ['s>t', 's/K/a>u/K/z'], ['u/K/z'], 's/K/a', 'u/K/z'],
    ['nothing', [], [], 't/K/a', 't/K/a'],
  ])('%s', (_, moved, declared, from, to) => {
    const statements = moved.map((text) => {
      const [one = '', other = ''] = text.split('>');
      return move(one, other);
    });
    expect(follow(statements, declared, from)).toBe(to);
  });
});

describe('a ledger read through statements', () => {
  it('has moved entries, intents and targets, and counts each move once', () => {
    const statements = moves(move('s', 't'));
    const targets = { s: { vendor: 'test', baseUrl: 'https://s.example.com' } };
    const intents = { 's/K/b': { vendor: 'test', known: [] } };
    const first = resolve(statements, { objects: objects({ 's/K/a': '1' }), intents, targets });
    expect(first.ids).toEqual({ 't/K/a': '1' });
    expect(Object.keys(first.ledger.intents)).toEqual(['t/K/b']);
    expect(first.ledger.targets).toEqual({ t: targets.s });
    expect(first.ledger.moved).toEqual(['target s -> t']);
    expect([...first.resolved.movedFrom]).toEqual([['t/K/a', 's/K/a']]);
    const again = resolve(statements, { ...first.ledger, objects: objects({ 's/K/a': '2', 't/K/a': '1' }) });
    expect(again.ids).toEqual({ 's/K/a': '2', 't/K/a': '1' });
    // Once the statement is gone, so is its memory: it may be written again.
    expect(resolve(moves(), first.ledger).ledger.moved).toBeUndefined();
  });

  it('waits with what concerns a target that is not selected, or a change that is held back', () => {
    const statements = moves(move('t/K/a', 't/K/b'), move('u/K/a', 'u/K/b'));
    const ledger = { objects: objects({ 't/K/a': '1', 'u/K/a': '2' }) };
    const one = resolve(statements, ledger, { selected: ['t'] });
    expect(one.ids).toEqual({ 't/K/b': '1', 'u/K/a': '2' });
    expect(one.ledger.moved).toEqual(['object t/K/a -> t/K/b']);
    const held = resolve(statements, ledger, { held: ['t/K/b'] });
    expect(held.ids).toEqual({ 't/K/a': '1', 'u/K/b': '2' });
    expect(held.ledger.moved).toEqual(['object u/K/a -> u/K/b']);
  });

  it('contests a place that is taken, and does not count that move', () => {
    const { ids, resolved, ledger } = resolve(moves(move('t/K/a', 't/K/b')), {
      objects: objects({ 't/K/a': '1', 't/K/b': '2' }),
    });
    expect(ids).toEqual({ 't/K/a': '1', 't/K/b': '2' });
    expect(resolved.contested).toEqual([{ from: 't/K/a', to: 't/K/b', ids: ['1', '2'], source }]);
    expect(ledger.moved).toBeUndefined();
  });

  it('refuses a move to another account', () => {
    const binding = (baseUrl: string) => ({ vendor: 'test', baseUrl });
    const { resolved } = resolve(moves(move('s', 't')), {
      objects: objects({ 's/K/a': '1' }),
      targets: { s: binding('https://one.example.com'), t: binding('https://two.example.com') },
    });
    expect(resolved.diagnostics).toMatchObject([{ severity: 'error', ...source }]);
  });

  it('counts the ids that it derived for addresses which something moved away from', () => {
    const own = clientIdFor('tests', 't/K/a');
    const { ledger } = resolve(moves(move('t/K/a', 't/K/b'), move('t/K/c', 't/K/d')), {
      objects: objects({ 't/K/a': own, 't/K/c': 'another' }),
    });
    expect(ledger.ids).toEqual({ 't/K/a': 1 });
    expect(clientIdFor('tests', 't/K/a', 1)).not.toBe(own);
  });

  it('lets go of an object, a target, or everything', () => {
    const ledger = { objects: objects({ 't/K/a': '1', 't/K/b': '2', 'gone/K/c': '3' }) };
    const forget = (what: 'object' | 'target' | 'all', name: string) =>
      resolve({ ...NO_STATEMENTS, forget: [{ what, name, source }] }, ledger).ids;
    expect(forget('object', 't/K/a')).toEqual({ 't/K/b': '2', 'gone/K/c': '3' });
    expect(forget('target', 'gone')).toEqual({ 't/K/a': '1', 't/K/b': '2' });
    expect(forget('all', '*')).toEqual({});
  });

  it('knows which address a mark means', () => {
    const renamed: MovedStatement = { what: 'project', from: 'old', to: 'tests', source };
    const { resolved } = resolve(moves(renamed, move('s', 't')), {});
    expect(resolved.addressOf('old/s/K/a')).toBe('t/K/a');
    expect(resolved.addressOf('tests/t/K/a')).toBe('t/K/a');
    expect(resolved.addressOf('other/t/K/a')).toBeUndefined();
  });
});
