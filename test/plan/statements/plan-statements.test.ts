import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/model/ledger.js';
import { NO_STATEMENTS, type Statements } from '../../../src/model/statements.js';
import { clientIdFor } from '../../../src/plan/match/identity.js';
import { resolveStatements } from '../../../src/plan/statements/resolve-statements.js';
import { kindOf, liveOf, manifestOf, projectOf } from '../../support/kinds.js';
import { ledgerOf } from '../../support/ledger.js';
import { actions, planOf, recorded, type Scenery } from '../../support/planning.js';

const source = { file: 'ledger.yaml', line: 4 };
const project = projectOf();
const marked = (name: string, address: string, by = project.name) =>
  ({ name, labels: { mark: `${by}/here/Thing/${address}`, team: 'a' } }) as const;

function plan(statements: Partial<Statements>, scenery: Scenery, objects: Ledger['objects'] = {}) {
  const stored = ledgerOf({ project: project.name, objects });
  const all = { ...NO_STATEMENTS, ...statements };
  const { ledger, resolved } = resolveStatements(stored, all, {
    project,
    manifests: scenery.manifests ?? [],
    selected: [],
  });
  return planOf({ ...scenery, ledger, more: { statements: resolved } });
}

const forget = (name: string) => ({ forget: [{ what: 'object' as const, name, source }] });

it('takes our mark off what the ledger knows to be ours, whichever address it names, and keeps other keys', () => {
  const planned = plan(
    forget('here/Thing/a-1'),
    {
      manifests: [manifestOf('a', { name: 'a' })],
      live: [liveOf('1', marked('a', 'a')), liveOf('2', marked('a', 'a'))],
    },
    { ...recorded('a', '2'), ...recorded('a-1', '1') },
  );
  expect(actions(planned)).toEqual({ 'here/Thing/a-1': 'forget 1' });
  expect(planned.plan.changes[0]?.requests).toEqual([
    { method: 'PATCH', path: '/things/1', body: { allLabels: { team: 'a' } } },
  ]);
});

it('leaves the mark where another project has put its own, or a manifest has the object', () => {
  const stranger = plan(
    forget('here/Thing/a'),
    { live: [liveOf('1', marked('a', 'a', 'other'))] },
    recorded('a', '1'),
  );
  expect(stranger.plan.changes).toMatchObject([{ action: 'forget', requests: [] }]);
  const shared = plan(
    forget('here/Thing/a'),
    { manifests: [manifestOf('b', { name: 'b' }, { id: '1' })], live: [liveOf('1', marked('b', 'b'))] },
    { ...recorded('a', '1'), ...recorded('b', '1') },
  );
  expect(shared.plan.changes).toMatchObject([{ action: 'forget', requests: [] }]);
});

it('hides the secrets of others in the request that takes a mark off', () => {
  const labels = { mark: `${project.name}/here/Thing/a`, api_key: 'sk-live-0123456789abcdef0123' };
  const planned = plan(
    forget('here/Thing/a'),
    { live: [liveOf('1', { name: 'a', labels })] },
    recorded('a', '1'),
  );
  expect(JSON.stringify(planned.plan)).not.toContain('0123456789abcdef');
});

it('finds an object by its client-made id only where neither mark nor ledger says otherwise', () => {
  const kind = kindOf({ clientId: 'id' });
  const id = clientIdFor(project.name, 'here/Thing/a');
  const manifests = [manifestOf('a', { name: 'a' })];
  expect(actions(plan({}, { kind, manifests, live: [liveOf(id, { name: 'z' })] }))).toEqual({
    'here/Thing/a': `update ${id}`,
  });
  for (const live of [marked('z', 'b'), marked('z', 'a', 'other')]) {
    const planned = plan({}, { kind, manifests, live: [liveOf(id, live)] });
    expect(planned.plan.changes.find(({ address }) => address === 'here/Thing/a')).toMatchObject({
      action: 'create',
      requests: [{ body: { id: clientIdFor(project.name, 'here/Thing/a', 1) } }],
    });
  }
  const known = plan({}, { kind, manifests, live: [liveOf(id, { name: 'z' })] }, recorded('b', id));
  expect(actions(known)).toEqual({ 'here/Thing/a': 'create -', 'here/Thing/b': `orphan ${id}` });
});

it('notes that a create may be the project under its old name', () => {
  const { plan: found } = plan(
    {},
    { manifests: [manifestOf('a', { name: 'a' })], live: [liveOf('1', marked('a', 'a', 'old'))] },
  );
  expect(found.diagnostics.map(({ detail }) => detail).join()).toContain(
    `from: project old, to: project ${project.name}`,
  );
});
