import { defined } from '../model/defined.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import { forEachText, mapText } from '../model/map-text.js';
import { asShownPlan, type Change, type FieldChange, type Plan, type ShownPlan } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';
import type { Secrets } from '../model/ports.js';
import { describeSecretSource } from '../model/secret-source.js';
import { ownershipMarkFor } from '../plan/match/identity.js';
import { PLACEHOLDER } from '../platform/secrets/mask.js';

/**
 * A plan as it may be shown. Before it is rendered: a report cuts, compares and escapes values, and what is left of a
 * secret then, nothing finds any more.
 *
 * The author of a manifest chooses what counts as a secret, and could otherwise take out of the plan what others approve.
 * So a text that stands in a manifest is shown as it is. Every other text of a change is masked, wherever it stands: what is
 * wanted may hold a vendor's value too, at a place that is ignored. A warning says which object and which reference it is,
 * so that a secret that was chosen in order to hide something points to itself.
 *
 * A secret that may be found by trying hides a field only if it is the whole of what the vendor has there. It hides nothing
 * in maps and lists, nor in what was last applied: these could list guesses.
 */
export function maskPlan(
  plan: Plan,
  { project, manifests }: Pick<DesiredState, 'project' | 'manifests'>,
  secrets: Pick<Secrets, 'mask' | 'sourcesIn' | 'sourceOf'>,
): ShownPlan {
  let own: Set<string> | undefined;
  const whole = wholeMask(secrets);
  const isOwn = (text: string) => {
    own ??= ownTexts(project.name, manifests);
    return own.has(text);
  };
  const found: Diagnostic[] = [];
  const changes = plan.changes.map((change) => {
    const hidden = new Set<string>();
    const hide = (text: string, shown: string) => {
      if (shown === text || isOwn(text)) return text;
      hidden.add(text);
      return shown;
    };
    const shown = maskChange(change, {
      inside: (text) => hide(text, secrets.mask(text)),
      whole: (text) => hide(text, whole(text)),
    });
    if (hidden.size > 0) found.push(notShown(change, [...hidden], secrets));
    return shown;
  });
  const released = plan.released?.map(({ applied, before, ...field }) => {
    const mask = { inside: secrets.mask, whole };
    const known = { applied: maskValue(applied, mask), before: maskValue(before, mask) };
    return { ...field, ...defined(known), applied: known.applied };
  });
  return asShownPlan({
    ...plan,
    changes,
    ...defined({ released }),
    diagnostics: [...plan.diagnostics, ...found],
  });
}

/** A text that is a secret, also one that may be found by trying, is not shown at all. */
function wholeMask(secrets: Pick<Secrets, 'mask' | 'sourceOf'>): (text: string) => string {
  return (text) => (secrets.sourceOf(text) === undefined ? secrets.mask(text) : PLACEHOLDER);
}

function ownTexts(project: string, manifests: DesiredState['manifests']): Set<string> {
  const own = new Set<string>();
  for (const { spec, address } of manifests) {
    forEachText(spec, (text) => own.add(text));
    own.add(address).add(ownershipMarkFor(project, address));
  }
  return own;
}

interface TextMask {
  /** Of a text somewhere in a value. */
  inside: (text: string) => string;
  /** Of a text that is all that a field has. */
  whole: (text: string) => string;
}

function maskChange(change: Change, mask: TextMask): Change {
  return {
    ...change,
    fields: change.fields.map((field) => maskField(field, mask)),
    requests: change.requests.map(({ body, ...request }) =>
      body === undefined ? request : { ...request, body: maskBody(body, mask) },
    ),
  };
}

function maskField({ before, after, last, ...field }: FieldChange, mask: TextMask): FieldChange {
  // A longer path leads into a map.
  const ofField = parsePointer(field.path).length === 1 ? mask : { ...mask, whole: mask.inside };
  const masked = { before: maskValue(before, ofField), after: maskValue(after, ofField) };
  return { ...field, ...defined({ ...masked, last: maskValue(last, { ...mask, whole: mask.inside }) }) };
}

/** The members of a body are fields. */
function maskBody(body: Json, mask: TextMask): Json {
  if (!isObject(body)) return maskValue(body, mask);
  const members = Object.entries(body).map(([name, value]) => [name, maskValue(value, mask)]);
  return mapText(Object.fromEntries(members), mask.inside) as JsonObject;
}

function maskValue<T extends Json | undefined>(value: T, { inside, whole }: TextMask): T {
  return (typeof value === 'string' ? whole(value) : mapText(value, inside)) as T;
}

function notShown(
  { address, source }: Change,
  texts: readonly string[],
  secrets: Pick<Secrets, 'sourcesIn' | 'sourceOf'>,
): Diagnostic {
  const from = [
    ...new Set(
      texts.flatMap((text) => secrets.sourceOf(text) ?? secrets.sourcesIn(text)).map(describeSecretSource),
    ),
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
