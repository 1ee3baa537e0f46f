import { randomUUID } from 'node:crypto';
import { stringifyExact } from '../model/exact-json.js';
import type { Json, JsonObject } from '../model/json.js';

/** One object as the emulated vendor keeps it. */
export interface Stored {
  id: string;
  /** The fields the vendor shows. Replaced, never changed in place. */
  shown: JsonObject;
  /** The fields that were written and are never shown. */
  hidden: JsonObject;
  /** Came with the vendor: every account has it. */
  builtIn: boolean;
}

/** A vendor's description of one kind of its objects. */
export interface StoreRules {
  idField: string;
  writeOnly: readonly string[];
  /** A whole object out of some of its fields: what the vendor adds to a new one. */
  fill(fields: JsonObject): JsonObject;
  /** Members that change when the object is edited elsewhere, such as its time of change. */
  touched(): JsonObject;
  /** The object as an answer shows it. */
  view(stored: Stored): JsonObject;
  /** Names the switches that `view` depends on, so that its text can be kept until one of them moves. */
  viewKey(): string;
}

/** Milliseconds for which reads do not show a write yet. */
export interface Lag {
  creates: number;
  updates: number;
  deletes: number;
}

type Lagging = (what: keyof Lag) => number | undefined;

/** The objects of one kind, in the order of their creation. */
export interface Store {
  /** The write-only members of a body, apart. */
  split(body: JsonObject): { shown: JsonObject; hidden: JsonObject };
  add(body: JsonObject, builtIn?: boolean): Stored;
  get(id: string): Stored | undefined;
  /** Overwrites the given members. */
  change(stored: Stored, body: JsonObject): void;
  remove(id: string): boolean;
  /** Says from when on reads show a change that is made now; undefined: at once. */
  lagBy(lagging: Lagging): void;
  /** Runs some work on the objects as they were before what no read shows yet, in a copy: it can change nothing. */
  asShown<Result>(date: number, work: () => Result): Result;
  /** Runs some work and undoes every removal that it made. */
  withoutRemoving<Result>(work: () => Result): Result;
  all(): readonly Stored[];
  view(stored: Stored): JsonObject;
  /** The JSON text of an object, kept: a listing of thousands costs a join. */
  text(stored: Stored): string;
  /** Seeds an object, or overwrites members of one, as if by another user. */
  put(body: JsonObject): string;
  /** Moves with every write. */
  version(): number;
}

/** A change that reads do not show yet. */
interface Unshown {
  what: keyof Lag;
  id: string;
  before: Stored | undefined;
  /** When reads begin to show it. */
  from: number;
}

export function createStore(rules: StoreRules): Store {
  let byId = new Map<string, Stored>();
  let unshown: Unshown[] = [];
  let lagOf: Lagging = () => undefined;
  const texts = new WeakMap<JsonObject, { key: string; text: string }>();
  let ordered: Stored[] | undefined;
  let version = 0;

  function split(body: JsonObject): { shown: JsonObject; hidden: JsonObject } {
    const entries = Object.entries(body);
    const isHidden = ([name]: [string, Json]) => rules.writeOnly.includes(name);
    return {
      shown: Object.fromEntries(entries.filter((entry) => !isHidden(entry))),
      hidden: Object.fromEntries(entries.filter(isHidden)),
    };
  }

  function moved(): void {
    version += 1;
    ordered = undefined;
  }

  function add(body: JsonObject, builtIn = false): Stored {
    const given = body[rules.idField];
    const id = typeof given === 'string' ? given : randomUUID();
    const { shown, hidden } = split(body);
    const stored = { id, shown: { ...rules.fill(shown), [rules.idField]: id }, hidden, builtIn };
    defer('creates', id, undefined);
    byId.set(id, stored);
    moved();
    return stored;
  }

  function defer(what: keyof Lag, id: string, before: Stored | undefined): void {
    const from = lagOf(what);
    if (from !== undefined) unshown.push({ what, id, before: before && { ...before }, from });
  }

  function change(stored: Stored, body: JsonObject): void {
    const { shown, hidden } = split(body);
    defer('updates', stored.id, stored);
    stored.shown = { ...stored.shown, ...shown };
    stored.hidden = { ...stored.hidden, ...hidden };
    moved();
  }

  function text(stored: Stored): string {
    const key = rules.viewKey();
    const kept = texts.get(stored.shown);
    if (kept?.key === key) return kept.text;
    const fresh = stringifyExact(rules.view(stored));
    texts.set(stored.shown, { key, text: fresh });
    return fresh;
  }

  return {
    split,
    add,
    change,
    text,
    get: (id) => byId.get(id),
    lagBy(lagging) {
      lagOf = lagging;
    },
    asShown(date, work) {
      unshown = unshown.filter(({ from }) => from > date);
      if (unshown.length === 0) return work();
      const now = byId;
      byId = new Map(now);
      moved();
      for (const { what, id, before } of [...unshown].reverse()) {
        if (before === undefined) byId.delete(id);
        // An object that reads show to be gone must not come back because its last update is undone.
        else if (what === 'deletes' || byId.has(id)) byId.set(id, before);
      }
      try {
        return work();
      } finally {
        byId = now;
        moved();
      }
    },
    remove(id) {
      const before = byId.get(id);
      if (before !== undefined) defer('deletes', id, before);
      moved();
      return byId.delete(id);
    },
    withoutRemoving(work) {
      const before = new Map(byId);
      const result = work();
      byId = before;
      moved();
      return result;
    },
    all() {
      ordered ??= [...byId.values()];
      return ordered;
    },
    view: rules.view,
    put(body) {
      const id = body[rules.idField];
      const stored = typeof id === 'string' ? byId.get(id) : undefined;
      if (!stored) return add(body).id;
      change(stored, { ...rules.touched(), ...body });
      return stored.id;
    },
    version: () => version,
  };
}
