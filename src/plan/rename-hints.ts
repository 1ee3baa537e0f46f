import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { Observed } from '../model/observed.js';
import { naturalName, ownershipMarkOf } from './match/identity.js';
import { ownerOf } from './match/mark-owner.js';
import type { PlanInput } from './plan-input.js';
import { type CreateStep, isWanted, type Step } from './step.js';

/** A note for each create that looks like one of the managed objects under a new address, with the line that keeps it. */
export function renameHints(steps: readonly Step[]): Diagnostic[] {
  const left = new Map<string, Step[]>();
  for (const step of steps) {
    if (isWanted(step) || step.live === undefined || step.action === 'forget') continue;
    const key = keyOf(step, naturalName(step.kind, step.live.spec));
    if (key !== undefined) left.set(key, [...(left.get(key) ?? []), step]);
  }
  if (left.size === 0) return [];
  return steps.flatMap((step) => {
    if (step.action !== 'create') return [];
    const old = left.get(keyOf(step, naturalName(step.kind, step.desired)) ?? '')?.shift();
    return old === undefined ? [] : [hint(step, old)];
  });
}

function keyOf({ target, kind }: Step, name: string | undefined): string | undefined {
  return name === undefined ? undefined : JSON.stringify([target, kind.name, name]);
}

function hint({ change, manifest }: CreateStep, { change: { address: from } }: Step): Diagnostic {
  const { address: to } = change;
  return warning('identity', `${to} has the name of ${from}, which has no manifest any more`, {
    detail: `If it was renamed, keep the object: write \`moved: [{ from: ${from}, to: ${to} }]\` into a Ledger document.${change.blocked === undefined ? ' As it is, a second one is created.' : ''}`,
    ...manifest.source,
    address: to,
  });
}

/**
 * A note for each create where another project has the same address, by its mark: it may be this project under its old name,
 * with the ledger lost. It may as well be another environment on the same account, so nothing is refused.
 */
export function projectHints(steps: readonly Step[], input: PlanInput): Diagnostic[] {
  const created = new Map(
    steps.flatMap((step) => (step.action === 'create' ? [[step.change.address, step]] : [])),
  );
  if (created.size === 0) return [];
  return input.observed.flatMap((scope) => projectHintsOf(scope, created, input));
}

function projectHintsOf(
  { kind, live }: Observed,
  created: ReadonlyMap<string, CreateStep>,
  input: PlanInput,
): Diagnostic[] {
  return live.flatMap((object) => {
    const mark = ownershipMarkOf(kind, object);
    if (mark === undefined || ownerOf(mark, input) !== undefined) return [];
    const slash = mark.indexOf('/');
    const step = created.get(mark.slice(slash + 1));
    if (step === undefined || naturalName(kind, object.spec) !== naturalName(kind, step.desired)) return [];
    const other = mark.slice(0, slash);
    if (input.mask !== undefined && input.mask(other) !== other) return [];
    const { address } = step.change;
    return [
      warning(
        'identity',
        `${address} is another project's too: ${object.id} is marked as ${other}/${address}`,
        {
          detail: `If this project was called ${other}, keep its objects: write \`moved: [{ from: project ${other}, to: project ${input.project.name} }]\` into a Ledger document. As it is, a second one is created.`,
          ...step.manifest.source,
          address,
        },
      ),
    ];
  });
}
