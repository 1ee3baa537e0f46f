import type { Address } from '../model/address.js';
import { intentWindowLeft } from '../model/consistency.js';
import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { entriesOf } from '../model/ledger.js';
import type { Outcome } from '../model/outcome.js';
import { accountIn, bindTarget } from '../plan/target-bindings.js';
import { countWrites } from '../prepare/prepare.js';
import { notRemovedOutcome } from './outcomes.js';
import { readBack } from './read-back.js';
import { forgetObject, recordObject, stampEntry } from './record.js';
import { verifyDeferred } from './remove.js';
import { type ApplyInput, ApplySession } from './session.js';
import { writeAll } from './write-all.js';

export interface Applied {
  /** One for each change of the plan but orphans, in the plan's order. */
  outcomes: Outcome[];
  diagnostics: Diagnostic[];
}

/**
 * Carries out the steps of a plan in dependency order, reads back what was written, and records both. One failure
 * blocks only what depends on it. Throws `DiagnosticError` only when the ledger cannot be written and nothing was sent.
 */
export async function apply(input: ApplyInput): Promise<Applied> {
  const session = new ApplySession(input);
  session.news = bindTargets(session) || input.changed === true;
  const steps = input.prepared.steps.filter((step) => step.action !== 'orphan');
  const { outcomes, written } = await writeAll(steps, session);
  const findings = await readBack(written, session);
  for (const [address, notPersisted] of findings.notPersisted)
    Object.assign(outcomes.get(address) ?? {}, { notPersisted });
  for (const [address, rewritten] of findings.rewritten)
    Object.assign(outcomes.get(address) ?? {}, { rewritten });
  for (const address of findings.vanished) {
    const error = { code: 'vanished', message: 'it was written, and was not there when it was read back' };
    Object.assign(outcomes.get(address) ?? {}, { status: 'failed', error });
  }
  for (const address of findings.mistaken) {
    const error = { code: 'unexpected', message: 'the vendor answered with the id of another object' };
    const outcome = outcomes.get(address);
    if (outcome === undefined) continue;
    const { id: _wrong, ...rest } = outcome;
    outcomes.set(address, { ...rest, status: 'failed', error });
    // The next plan finds the right object by its mark.
    session.news = forgetObject(session.input.ledger, address) || session.news;
  }
  for (const { step, fault } of await verifyDeferred(session)) {
    const { address } = step.change;
    outcomes.set(address, notRemovedOutcome(step, outcomes.get(address)?.id, fault));
  }
  recordUnchanged(session);
  const unsaved = steps.length > 0 || session.news ? await saveAtEnd(session) : [];
  return {
    outcomes: steps.flatMap((step) => outcomes.get(step.change.address) ?? []),
    diagnostics: [...findings.diagnostics, ...unsaved],
  };
}

/** Remembers what each target is that was read; returns whether that is news. */
function bindTargets({ input: { ledger, prepared } }: ApplySession): boolean {
  const { observed } = prepared.observation;
  const targets = new Map(observed.map(({ target }) => [target.name, target]));
  const news = [...targets.values()].map((target) =>
    bindTarget(ledger, target, accountIn(observed.filter((scope) => scope.target.name === target.name))),
  );
  return news.includes(true);
}

/** Once writes were sent, a failure to save the ledger is reported with their outcomes instead of replacing them. */
async function saveAtEnd({ input }: ApplySession): Promise<Diagnostic[]> {
  try {
    await input.save('now');
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticError) || countWrites(input.prepared.observation) === 0) throw error;
    return error.diagnostics.map((found) => ({ ...found, detail: found.detail ?? UNSAVED }));
  }
}

const UNSAVED =
  'Not everything that this apply did is recorded. Make room for the ledger, then run `llmform apply` again: it looks for what it began before it creates anything.';

/** Records the objects that are up to date already, and forgets those that are gone. */
function recordUnchanged(session: ApplySession): void {
  const { prepared, ledger, run } = session.input;
  // Protection holds from the moment it is declared, even if the rest of the change failed.
  for (const { manifest } of prepared.steps) {
    const entry = manifest === undefined ? undefined : ledger.objects[manifest.address];
    if (entry === undefined || manifest?.preventDestroy !== true || entry.preventDestroy) continue;
    ledger.objects[manifest.address] = stampEntry({ ...entry, preventDestroy: true }, run);
    session.news = true;
  }
  for (const address of findOverIntents(session)) {
    delete ledger.intents[address];
    session.news = true;
  }
  for (const address of prepared.forgotten) session.news = forgetObject(ledger, address) || session.news;
  for (const { manifest, kind, live, entry, notPersisted, rewritten, retired } of prepared.unchanged) {
    const spec = session.withIds(manifest.spec, manifest.target, kind);
    const kept = Object.fromEntries(
      Object.entries(entry?.notPersisted ?? {}).filter(
        ([path]) => notPersisted.includes(path) || rewritten.includes(path),
      ),
    );
    const baseline = session.baseline(manifest, entry);
    const facts = {
      manifest,
      kind,
      id: live.id,
      spec,
      baseline,
      notPersisted: kept,
      retired,
      created: false,
      origin: { live: live.spec, entry, adopts: false },
    };
    session.news = recordObject(ledger, facts, run) || session.news;
  }
}

/** Creates that were sent long ago and made nothing, and whose manifest is gone: nothing of them can appear any more. */
function findOverIntents({ input: { prepared, ledger, clock } }: ApplySession): Address[] {
  const planned = new Set([...prepared.steps.map(({ change }) => change.address)]);
  return prepared.observation.observed.flatMap(({ target, kind }) =>
    entriesOf(ledger.intents, target.name, kind.name).flatMap(([address, { at }]) => {
      const isOver = at !== undefined && intentWindowLeft(at, kind.rules, clock.date()) === 0;
      return isOver && !planned.has(address) ? [address] : [];
    }),
  );
}
