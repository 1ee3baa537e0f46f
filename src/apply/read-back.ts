import { rewrittenAspects } from '../diff/compare-values.js';
import { diffObject } from '../diff/diff-object.js';
import { notPersistedText } from '../diff/stored-values.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
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
 * listing, or one read for each object, whichever is fewer requests.
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
        const live = await readAgain(kind, target, members, session);
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
  const diff = diffObject(desired, live.spec, kind.rules, baseline);
  const readable = diff.changes.filter(
    ({ path }) => kind.rules.fields[parsePointer(path)[0] ?? '']?.writeOnly !== true,
  );
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
