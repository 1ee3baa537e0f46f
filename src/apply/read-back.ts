import { rewrittenAspects } from '../diff/compare-values.js';
import { diffObject } from '../diff/diff-object.js';
import { notPersistedText } from '../diff/stored-values.js';
import { consistencyWindow } from '../model/consistency.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import { canonicalJson } from '../model/json.js';
import type { RewrittenText } from '../model/outcome.js';
import type { FieldChange } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';
import { unexpectedDiagnostic } from '../model/unexpected.js';
import type { Kind, KindRules, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { ownershipMarkFor, ownershipMarkOf } from '../plan/match/identity.js';
import type { WantedStep } from '../plan/step.js';
import { listObjects, proveListing } from '../prepare/list-objects.js';
import { completeById } from '../prepare/read-if-present.js';
import type { ApplySession } from './session.js';

/** A step that was written, and the id of its object now. */
export interface WrittenStep {
  step: WantedStep;
  id: string;
  /** When it was answered, by the clock of the run. */
  atMs: number;
}

export interface ReadBackResult {
  /** JSON Pointers that the vendor accepted and did not keep, by address. */
  notPersisted: Map<string, string[]>;
  /** Texts that the vendor rewrote so that they read the same, by address. */
  rewritten: Map<string, RewrittenText[]>;
  /** Addresses whose object was not there when it was read back. */
  vanished: string[];
  /** Addresses whose id leads to an object with another ownership mark: the vendor has answered with a wrong id. */
  mistaken: string[];
  diagnostics: Diagnostic[];
}

/**
 * Reads what was written and compares it with what was meant, and remembers what the vendor did not keep. One
 * listing, or one read for each object, whichever is fewer requests. What is not shown yet is read again until the
 * consistency window of its kind is over.
 */
export async function readBack(
  written: readonly WrittenStep[],
  session: ApplySession,
): Promise<ReadBackResult> {
  const findings: ReadBackResult = {
    notPersisted: new Map(),
    rewritten: new Map(),
    vanished: [],
    mistaken: [],
    diagnostics: [],
  };
  const groups = group(written);
  await Promise.all(
    [...groups.values()].map(async (members) => {
      const [first] = members;
      if (first === undefined) return;
      const { kind, target } = first.step;
      try {
        const live = await readUntilShown(kind, target, members, session);
        for (const member of members) compare(member, live.get(member.id), session, findings);
      } catch (error) {
        const why = error instanceof VendorError ? error.message : unexpectedDiagnostic(error).summary;
        findings.diagnostics.push(
          warning('vendor', `what was written to ${target} could not be read back: ${why}`, {
            detail: 'The next plan shows whether it was kept.',
          }),
        );
      }
    }),
  );
  return findings;
}

function groupOf({ step }: WrittenStep): string {
  return `${step.target}/${step.kind.name}`;
}

function group(written: readonly WrittenStep[]): Map<string, WrittenStep[]> {
  const groups = new Map<string, WrittenStep[]>();
  for (const member of written) {
    const members = groups.get(groupOf(member)) ?? [];
    members.push(member);
    groups.set(groupOf(member), members);
  }
  return groups;
}

async function readUntilShown(
  kind: Kind,
  target: string,
  members: readonly WrittenStep[],
  session: ApplySession,
): Promise<Map<string, Live>> {
  const live = await readAgain(kind, target, members, session);
  let hidden = members.filter((member) => !isShown(member, live.get(member.id), session));
  if (hidden.length === 0) return live;
  const untilMs = Math.max(...hidden.map(({ atMs }) => atMs)) + consistencyWindow(kind.rules);
  const lags = new VendorError('incomplete', 'it does not show yet what was written a moment ago');
  await session.lookAgain(target, lags, untilMs, async () => {
    for (const [id, one] of await readAgain(kind, target, hidden, session)) live.set(id, one);
    hidden = hidden.filter((member) => !isShown(member, live.get(member.id), session));
    return hidden.length === 0;
  });
  return live;
}

/**
 * Tells if a read shows a write. An object that lacks some of what was sent does, as long as anything of it has changed:
 * the rest was not kept. One that is as it was before, and should not be, may be read too early.
 */
function isShown({ step }: WrittenStep, live: Live | undefined, session: ApplySession): boolean {
  if (live === undefined) return false;
  if (step.live?.id !== live.id || canonicalJson(step.live.spec) !== canonicalJson(live.spec)) return true;
  return missingPaths(step, live, session).length === 0;
}

/** JSON Pointers of readable fields that are not as they should be, and were not known to be dropped. */
function missingPaths(step: WantedStep, live: Live, session: ApplySession): string[] {
  return readableChanges(diffWritten(step, live, session).changes, step.kind.rules).map(({ path }) => path);
}

function readableChanges(changes: readonly FieldChange[], { fields }: KindRules): FieldChange[] {
  return changes.filter(({ path }) => fields[parsePointer(path)[0] ?? '']?.writeOnly !== true);
}

function diffWritten(
  { desired, manifest, entry, kind, target }: WantedStep,
  live: Live,
  session: ApplySession,
) {
  const wanted = session.withIds(desired, target, kind);
  return diffObject(wanted, live.spec, kind.rules, session.baseline(manifest, entry));
}

async function readAgain(
  kind: Kind,
  target: string,
  members: readonly WrittenStep[],
  session: ApplySession,
): Promise<Map<string, Live>> {
  const { read } = session.client(target);
  const ids = members.map(({ id }) => id);
  return new Map(
    (await readAll(kind, ids, session.seen(target, kind).cost, read)).map((live) => [live.id, live]),
  );
}

async function readAll(kind: Kind, ids: readonly string[], cost: number, read: Read): Promise<Live[]> {
  if (kind.read === undefined) return proveListing(kind, read);
  const listed = ids.length <= cost ? [] : await listObjects(kind, read);
  return completeById(kind, listed, ids, read);
}

function compare(
  { step, id }: WrittenStep,
  live: Live | undefined,
  session: ApplySession,
  findings: ReadBackResult,
): void {
  const { kind, target, change, entry } = step;
  if (live === undefined) {
    findings.vanished.push(change.address);
    return;
  }
  const mark = ownershipMarkOf(kind, live);
  if (mark !== undefined && mark !== ownershipMarkFor(step.project, change.address)) {
    findings.mistaken.push(change.address);
    return;
  }
  const desired = session.withIds(step.desired, target, kind);
  const baseline = session.baseline(step.manifest, entry);
  const diff = diffWritten(step, live, session);
  const readable = readableChanges(diff.changes, kind.rules);
  const rewritten = readable.flatMap((change) => rewrittenText(change, kind.rules));
  const dropped = readable
    .map(({ path }) => path)
    .filter((path) => !rewritten.some((one) => one.path === path));
  const remembered = session.input.ledger.objects[change.address];
  if (remembered === undefined || remembered.id !== id) return;
  const all = [...readable.map(({ path }) => path), ...diff.notPersisted, ...diff.rewritten];
  const { notPersisted: _before, ...others } = remembered;
  const digests = all.map((path) => [path, notPersistedText(desired, live.spec, path, kind.rules, baseline)]);
  session.input.ledger.objects[change.address] =
    all.length === 0 ? others : { ...others, notPersisted: Object.fromEntries(digests) };
  if (dropped.length > 0) findings.notPersisted.set(change.address, dropped);
  if (rewritten.length > 0) findings.rewritten.set(change.address, rewritten);
}

/** A field that differs from what was sent in nothing that is read. */
function rewrittenText({ path, before, after }: FieldChange, { fields }: KindRules): RewrittenText[] {
  const [name = '', key] = parsePointer(path);
  const differsIn = rewrittenAspects(key === undefined ? fields[name]?.form : undefined, after, before);
  return differsIn === undefined ? [] : [{ path, differsIn }];
}
