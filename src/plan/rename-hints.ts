import { type Diagnostic, warning } from '../model/diagnostic.js';
import { naturalName } from './match/identity.js';
import { isWanted, type Step, type WantedStep } from './step.js';

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

function hint({ change, manifest }: WantedStep, { change: { address: from } }: Step): Diagnostic {
  const { address: to } = change;
  return warning('identity', `${to} has the name of ${from}, which has no manifest any more`, {
    detail: `If it was renamed, keep the object: write \`moved: [{ from: ${from}, to: ${to} }]\` into a Ledger document. As it is, a second one is created.`,
    ...manifest.source,
    address: to,
  });
}
