import type { JsonObject } from '../../src/model/json.js';
import type { Kind } from '../../src/model/vendor.js';
import type { Subject } from '../contract/subject.js';

export type OperationName = 'list' | 're-read' | 'create' | 'update' | 'delete' | 'read back';

/** One row of a kind: which request is struck, and in which story it is sent. */
export interface Operation {
  name: OperationName;
  method(kind: Kind): string;
  /** The manifests that are applied before anything goes wrong. */
  before(subject: Subject): JsonObject[];
  /** The manifests of the run that is struck. */
  after(subject: Subject): JsonObject[];
  /** How many requests come between the approval and the one that is struck. */
  skips: number;
}

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'list',
    method: () => 'GET',
    before: (subject) => [numbered(subject, 1)],
    // A listing that is taken for an empty one would double an object and lose another.
    after: (subject) => [numbered(subject, 2)],
    skips: 0,
  },
  {
    name: 're-read',
    method: () => 'GET',
    before: (subject) => [numbered(subject, 1)],
    after: (subject) => [changedOne(subject)],
    skips: 0,
  },
  {
    name: 'create',
    method: () => 'POST',
    before: (subject) => [numbered(subject, 1)],
    after: (subject) => [numbered(subject, 1), numbered(subject, 2)],
    skips: 0,
  },
  {
    name: 'update',
    method: updates,
    before: (subject) => [numbered(subject, 1)],
    after: (subject) => [changedOne(subject)],
    skips: 1,
  },
  {
    name: 'delete',
    method: () => 'DELETE',
    before: (subject) => [numbered(subject, 1), numbered(subject, 2)],
    after: (subject) => [numbered(subject, 1)],
    skips: 1,
  },
  {
    name: 'read back',
    method: () => 'GET',
    before: (subject) => [numbered(subject, 1)],
    after: (subject) => [numbered(subject, 1), numbered(subject, 2)],
    skips: 1,
  },
];

/** The name of the object that is struck. */
export function struckName({ name }: Operation): string {
  return name === 'create' || name === 'delete' || name === 'read back' ? 'object-2' : 'object-1';
}

function numbered(subject: Subject, i: number): JsonObject {
  return subject.manifest(`object-${i}`, subject.fixture.numbered(i));
}

/** The first object with another value in a plain field and, where it has one, another secret. */
function changedOne(subject: Subject): JsonObject {
  const { kind, fixture } = subject;
  const names = Object.keys(fixture.changes);
  const plain = names.find((name) => {
    const rule = kind.rules.fields[name] ?? {};
    return Object.keys(rule).length === 0 && !kind.rules.naturalName.includes(name);
  });
  const secret = names.find((name) => kind.rules.fields[name]?.secrets !== undefined);
  const changes = [plain, secret].flatMap((name) =>
    name === undefined ? [] : [[name, fixture.changes[name]?.value ?? null]],
  );
  return subject.manifest('object-1', { ...fixture.numbered(1), ...Object.fromEntries(changes) });
}

/** What cannot be changed gets a new version: that one is created. */
function updates(kind: Kind): string {
  return kind.update?.('id', {}).method ?? 'POST';
}
