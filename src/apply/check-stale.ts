import { sameValue } from '../diff/compare-values.js';
import { stringifyExact } from '../model/exact-json.js';
import { hideExposed } from '../model/exposed-secrets.js';
import type { Json, JsonObject } from '../model/json.js';
import { LlmformError } from '../model/llmform-error.js';
import { mapText } from '../model/map-text.js';
import { formatPointer } from '../model/pointer.js';
import type { Kind, Live } from '../model/vendor.js';
import { observedBy, type Step } from '../plan/step.js';
import { readIfPresent } from '../prepare/read-if-present.js';
import type { ApplySession } from './session.js';

/** The object is not what the plan saw. It is left alone. */
export class StaleError extends LlmformError {
  override readonly name = 'StaleError';
  readonly code = 'stale';
}

/**
 * Reads an object again right before it is written, and throws `StaleError` when it is not what the plan saw. A kind
 * that cannot read one object is listed, once for all the writes of two seconds.
 */
export async function assertUnchanged(step: Step, session: ApplySession): Promise<void> {
  if (step.live === undefined) return;
  const now = await readCurrent(step.kind, step.target, step.live.id, session);
  if (now === undefined) {
    // The object to delete is gone already: there is nothing left to do, and nothing to lose.
    if (step.change.action === 'delete') return;
    throw new StaleError('it is gone since it was planned; plan again');
  }
  const moved = changedFields(
    step.kind,
    observedBy(step, step.live),
    observedBy(step, now),
    session.input.prepared.secrets.mask,
  );
  if (moved.length === 0) return;
  throw new StaleError(`it changed since it was planned: ${moved.join('; ')}; plan again`);
}

async function readCurrent(
  kind: Kind,
  target: string,
  id: string,
  session: ApplySession,
): Promise<Live | undefined> {
  const { read } = session.client(target);
  if (kind.read === undefined) return (await session.listedAgain(target, kind)).get(id);
  return readIfPresent(kind, read, id);
}

/** Every field counts, managed or not, but for ignored ones: a delete loses all of them, and a map is sent with all its keys. */
function changedFields(
  kind: Kind,
  planned: JsonObject,
  now: JsonObject,
  mask: (text: string) => string,
): string[] {
  const names = new Set([...Object.keys(planned), ...Object.keys(now)]);
  return [...names].sort().flatMap((name) => {
    const before = planned[name];
    const after = now[name];
    if (sameValue(kind.rules.fields[name]?.form, before, after)) return [];
    return [`${formatPointer([name])} was ${shown(name, before, mask)} and is ${shown(name, after, mask)}`];
  });
}

function shown(name: string, value: Json | undefined, mask: (text: string) => string): string {
  const text = stringifyExact(mapText(hideExposed(name, value ?? null), mask));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
