import type { Json, JsonObject } from '../../src/model/json.js';

/** What the contract suite has to know of one kind that its definition does not say. */
export interface KindFixture {
  kind: string;
  /** The member of the vendor's own objects that holds the id. */
  idField: string;
  /** Objects of other kinds that it refers to. */
  needs?: readonly Needed[];
  /** A valid spec with every field that its schema has. */
  spec: JsonObject;
  /** Valid specs for any number of objects side by side. */
  numbered(i: number): JsonObject;
  /** For every field of the schema another valid value. */
  changes: Readonly<Record<string, FieldChange>>;
  /** Fields of a change that no update can express, beside those with an immutable field. */
  inexpressible?: readonly JsonObject[];
  /** Fields that the vendor owns, with values that they do not have after a create. */
  serverOwned: JsonObject;
  /** Whether a key of a map may be declared as null to have it removed. */
  nullRemovesKeys?: true;
  /** Whether the values of a map may be other JSON than text. */
  freeValues?: true;
  /** Largest page, where the listing comes in pages. */
  pageSize?: number;
  /** Objects of the vendor's own that nobody may touch. */
  builtIn?: readonly JsonObject[];
}

export interface FieldChange {
  value: Json;
  /** What an update sends, where that is not the field alone. */
  body?: JsonObject;
  /** Fields that do not go with the new value. */
  without?: readonly string[];
}

export interface Needed {
  kind: string;
  name: string;
  spec: JsonObject;
}

export type VendorFixture = readonly KindFixture[];
