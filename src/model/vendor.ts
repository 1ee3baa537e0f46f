import type { Diagnostic } from './diagnostic.js';
import type { Json, JsonObject } from './json.js';

/** A request that cannot change anything. The client that planning gets accepts nothing else. */
export interface ReadRequest {
  method: 'GET';
  /** Path and query, relative to the target's base URL. */
  path: string;
}

/** The effect of a write. The HTTP method does not tell: there are vendors that update, and even read, by POST. */
export type WriteOperation = 'create' | 'update' | 'remove';

/** The HTTP side of a write, as a kind builds it. */
export interface KindRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: JsonObject;
  /**
   * True if sending it twice leaves the same state as sending it once. By default an update and a removal may be
   * repeated, because our bodies set absolute values; a create may not, because it would make a second object.
   */
  repeatable?: boolean;
}

/** A request that writes, as data. What a plan shows is what apply sends. */
export interface WriteRequest extends KindRequest {
  op: WriteOperation;
  /** The object that it is about; absent for a create, even where we choose the id. */
  id?: string;
  repeatable: boolean;
}

/** A vendor's answer. Statuses of 300 and above never get here: the client throws `VendorError`. */
export interface Answer {
  status: number;
  /** The parsed body; undefined when it was empty. */
  body: Json | undefined;
}

/** Sends one read. Throws `VendorError`. */
export type Read = (request: ReadRequest) => Promise<Answer>;

/** An object as the vendor has it now. */
export interface Live {
  id: string;
  /** The object in the shape of a manifest's `spec`: same names, write-only fields absent. */
  spec: JsonObject;
  /** The vendor's id of the account that the object belongs to, where its answers tell. */
  account?: string;
  /**
   * The whole object as the vendor's answer has it. Fields that a manifest allows beyond the schema are taken from it, and
   * the rest, which may hold secrets, is dropped at once.
   */
  body?: JsonObject;
  /** Things outside llmform that use this object, in words; a vendor would refuse to delete it. */
  usedBy?: string[];
}

/** The way values of a field are compared. The default is deep equality. */
export type Form =
  /** Trailing slash, case of scheme and host, and the default port do not matter. */
  | 'url'
  /** An unordered set. */
  | 'set'
  /** An unordered set of objects with a `url`; only the members that the manifest declares are compared. */
  | 'endpoints'
  /** An object whose empty members say nothing. */
  | 'options';

/** The peculiarities of one field. Data for the core, which does all the diffing. */
export interface FieldRule {
  form?: Form;
  /** The vendor cannot change it: a difference means replace. */
  immutable?: true;
  /** Never returned by the vendor: changes are noticed by a digest in the ledger. */
  writeOnly?: true;
  /** JSON Pointers, within the field, of the places that hold secret references; `''` is the field itself. */
  secrets?: readonly string[];
  /** Holds the id of an object of this kind on the same target; a manifest may say `{ ref: Kind/name }`. */
  refersTo?: string;
  /**
   * Managed key by key: declared keys are ours, those of others survive. `replace` is the update field that takes the
   * whole map, `merge` the one that adds and changes keys, where the vendor has one. `max` is the vendor's limit of keys:
   * a map that is full has no room for the ownership mark. `fixed`: its keys are the vendor's, as flags are, so none is ever
   * removed; without it, the map belongs to people, and a key that is declared no longer is removed.
   */
  map?: { replace: string; merge?: string; max?: number; fixed?: true };
  /**
   * How a new value is written by an update, where that is not `{ [field]: value }`.
   * Undefined: no update can express this value, so the object is replaced.
   */
  onUpdate?: (value: Json) => JsonObject | undefined;
  /**
   * It says whose something is, or where it goes: a difference is said even where the ledger calls it one that the vendor
   * does not keep. Fields with URLs, secrets and ids of managed objects need no rule for that.
   */
  security?: true;
  /** The vendor documents no way to write it: sent all the same, and checked by reading back. */
  undocumentedWrite?: true;
}

/** The peculiarities of a kind as a whole. */
export interface KindRules {
  /** Fields that need no rule need no entry. */
  fields: Readonly<Record<string, FieldRule>>;
  /**
   * `merge-patch`: an update sends the changed fields. `new-version`: the object cannot be changed, so a change
   * is create anew, repoint every managed object that refers to it, remove the old one.
   */
  writes: 'merge-patch' | 'new-version';
  /** Spec fields that name an object for people. A name alone never binds. */
  naturalName: readonly string[];
  /** The place of the ownership mark: a key of a map field. Absent if the object has no room for one. */
  mark?: { field: string; key: string };
  /** The create field that takes a client-made id (a UUID). */
  clientId?: string;
  /** Order of a replacement. Creating first loses nothing when the vendor refuses the new object. */
  replace: 'create-first' | 'delete-first';
}

/** A kind of object. Having an optional method is the capability; nothing is declared twice. */
export interface Kind {
  name: string;
  rules: KindRules;
  /** All objects of this account, all pages, checked against the vendor's totals. Throws on a short listing. */
  list(read: Read): Promise<Live[]>;
  /** One object. Throws `VendorError` 'not-found' when it is not there. Absent: read through the list. */
  read?(read: Read, id: string): Promise<Live>;
  /** Spec-shaped fields as the vendor's create call takes them. */
  toWire(spec: JsonObject): JsonObject;
  /** A vendor's object as `Live`: the inverse of `toWire` on managed fields. */
  fromWire(body: JsonObject): Live;
  create(body: JsonObject): KindRequest;
  /** The new object's id out of the answer to a create. */
  createdId(answer: Answer): string;
  /** Absent: a change is a replacement, or a new version. */
  update?(id: string, body: JsonObject): KindRequest;
  remove?(id: string): KindRequest;
  /**
   * Mistakes that the schema cannot see. The caller adds positions from `path`.
   * @param exists the manifest names its object by id, so that no create will be sent
   */
  audit?(spec: JsonObject, exists: boolean): AuditFinding[];
}

/** A finding of `Kind.audit`: the path is a JSON Pointer into the document, such as `/spec/labels`. */
export type AuditFinding = Pick<Diagnostic, 'severity' | 'summary' | 'detail'> & { path: string };

export interface Vendor {
  id: string;
  /** The vendor's name as people write it. */
  title: string;
  /** The one well-known host; absent where a target must name its own. */
  baseUrl?: string;
  /** Hosts that are the vendor's own: in CI a credential goes nowhere else unless the operator allowed it. */
  hosts?: readonly string[];
  /** The header that carries the credential, and what stands before it. */
  auth: { header: string; prefix: string };
  /** The place where a user finds the credential, for the README and for messages. */
  credential: string;
  kinds: readonly Kind[];
  /** A failure that hides in a successful answer; its text comes from the vendor. */
  failure?(answer: Answer): string | undefined;
  /** The message of an error body: documented members only, never the echo of a request. */
  errorMessage(body: Json | undefined): string | undefined;
}
