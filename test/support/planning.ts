import { createBaselines } from '../../src/diff/baseline.js';
import type { Ledger } from '../../src/model/ledger.js';
import type { Manifest } from '../../src/model/manifest.js';
import type { Kind, Live } from '../../src/model/vendor.js';
import { makePlan, type Planned } from '../../src/plan/make-plan.js';
import type { PlanInput } from '../../src/plan/plan-input.js';
import { digest, kindOf, projectOf, target } from './kinds.js';
import { ledgerOf } from './ledger.js';

/** What one kind looks like from all sides, with everything that a test does not care about filled in. */
export interface Scenery {
  kind?: Kind;
  manifests?: readonly Manifest[];
  live?: readonly Live[];
  ledger?: Partial<Ledger>;
  options?: Partial<PlanInput['options']>;
  more?: Partial<PlanInput>;
}

export function planOf({
  kind = kindOf(),
  manifests = [],
  live = [],
  ledger = {},
  options = {},
  more = {},
}: Scenery): Planned {
  return makePlan({
    project: projectOf(),
    targets: [target],
    manifests,
    observed: [{ target, kind, live: [...live], cost: 1 }],
    ledger: ledgerOf(ledger),
    baselines: createBaselines({ digest }),
    seal: digest,
    options: { targets: [], prune: false, adopt: false, trustSecrets: false, ...options },
    reads: 1,
    ...more,
  });
}

/** A ledger entry of `here/Thing/<name>`. */
export function recorded(name: string, id: string, more: object = {}): Ledger['objects'] {
  return { [`here/Thing/${name}`]: { vendor: 'test', id, applied: {}, ...more } };
}

/** Action and id of every change, by address. */
export function actions({ plan }: Planned): Record<string, string> {
  return Object.fromEntries(
    plan.changes.map(({ address, action, id = '-' }) => [address, `${action} ${id}`]),
  );
}
