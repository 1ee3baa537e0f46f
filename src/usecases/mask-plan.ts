import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import { mapText, textsIn } from '../model/map-text.js';
import { asShownPlan, type Change, type Plan, type ShownPlan } from '../model/plan.js';
import type { Secrets } from '../model/ports.js';
import { describeSecretSource } from '../model/secret-source.js';
import { ownershipMarkFor } from '../plan/match/identity.js';

/**
 * A plan as it may be shown. Before it is rendered: a report cuts, compares and escapes values, and what is left of a
 * secret then, nothing finds any more.
 *
 * Only what a vendor has is masked. Whoever writes a manifest chooses what counts as a secret, and could otherwise take
 * out of the plan what others are to approve. So a text that stands in a manifest is shown as it is; a vendor's value
 * that holds a secret is not shown, because that may well be one, but never silently: a warning says which object and
 * which reference it is, so that a secret that was chosen in order to hide something points to itself.
 */
export function maskPlan(
  plan: Plan,
  { project, manifests }: Pick<DesiredState, 'project' | 'manifests'>,
  secrets: Pick<Secrets, 'mask' | 'sourcesIn'>,
): ShownPlan {
  let own: Set<string> | undefined;
  const isOwn = (text: string) => {
    own ??= new Set(
      manifests.flatMap(({ spec, address }) => [
        ...textsIn(spec),
        address,
        ownershipMarkFor(project.name, address),
      ]),
    );
    return own.has(text);
  };
  const found: Diagnostic[] = [];
  const changes = plan.changes.map((change) => {
    const hidden = new Set<string>();
    const mask = (text: string) => {
      const shown = secrets.mask(text);
      if (shown === text || isOwn(text)) return text;
      hidden.add(text);
      return shown;
    };
    const shown = maskChange(change, mask);
    if (hidden.size > 0) found.push(notShown(change, [...hidden], secrets));
    return shown;
  });
  return asShownPlan({ ...plan, changes, diagnostics: [...plan.diagnostics, ...found] });
}

/** What a manifest wants is its own text; the rest comes from the vendor, or from an earlier manifest. */
function maskChange(change: Change, mask: (text: string) => string): Change {
  return {
    ...change,
    fields: change.fields.map(({ before, last, ...field }) => ({
      ...field,
      ...(mapText(definedMembers({ before, last }), mask) as Pick<typeof field, never>),
    })),
    requests: change.requests.map(({ body, ...request }) => ({
      ...request,
      ...(mapText(definedMembers({ body }), mask) as Pick<typeof request, never>),
    })),
  };
}

function notShown(
  { address, source }: Change,
  texts: readonly string[],
  secrets: Pick<Secrets, 'sourcesIn'>,
): Diagnostic {
  const from = [
    ...new Set(texts.flatMap((text) => secrets.sourcesIn(text)).map(describeSecretSource)),
  ].sort();
  return warning(
    'secret',
    `a part of ${address} is not shown: the vendor's value holds a secret of this project`,
    {
      detail: `${from.length === 0 ? 'It' : `It comes from ${from.join(' and ')}, and`} is shown as (sensitive). Look at the object in the vendor's console before you approve; if the secret is real, replace it.`,
      ...source,
      address,
    },
  );
}

function definedMembers<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
