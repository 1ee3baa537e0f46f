import { isObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Answer, KindRequest, ReadRequest } from '../../src/model/vendor.js';
import { VendorError } from '../../src/model/vendor-error.js';

/**
 * A vendor in memory, with as little in it as its documents promise: what a create and an update do to the fields of an
 * object, and what a read shows of them.
 */
export interface VendorModel {
  /** The objects of a collection, by id, as the vendor keeps them: write-only fields included. */
  collection(path: string): Map<string, JsonObject>;
  read(request: ReadRequest): Answer;
  write(request: KindRequest): Answer;
}

interface Wire {
  idField: string;
  /** Members that no read ever shows. */
  hidden: readonly string[];
  /** Body of an update -> the object's new members. */
  update(object: JsonObject, body: JsonObject): JsonObject;
  list(path: string, objects: JsonObject[]): JsonObject;
  one(object: JsonObject): JsonObject;
  created(object: JsonObject): JsonObject;
}

const WIRES: Readonly<Record<string, Wire>> = {
  anam: {
    idField: 'id',
    hidden: ['secret'],
    update: (_, { url, ...body }) => ({ ...body, ...(url !== undefined && { urls: [{ url }] }) }),
    list: (_, data) => ({ data, meta: { total: data.length, lastPage: 1, perPage: 100, currentPage: 1 } }),
    one: (object) => object,
    created: (object) => object,
  },
  flashback: {
    idField: 'id',
    hidden: ['key', 'secret', 'apiKeyUuid'],
    update: (_, body) => body,
    list: (_, aiLlms) => ({ success: true, aiLlms }),
    one: () => {
      throw new Error('Flashback has no read of one object');
    },
    created: ({ id = null }) => ({ success: true, aiLlmId: id }),
  },
  goodmem: {
    idField: 'llmId',
    hidden: ['credentials'],
    update: (object, { mergeLabels, replaceLabels, ...body }) => {
      if (mergeLabels !== undefined && replaceLabels !== undefined) throw new Error('one of the two');
      const labels = isObject(mergeLabels) ? { ...membersOf(object.labels), ...mergeLabels } : replaceLabels;
      return { ...body, ...(labels !== undefined && { labels }) };
    },
    list: (_, llms) => ({ llms }),
    one: (object) => object,
    created: (object) => ({ llm: object }),
  },
  liveavatar: {
    idField: 'id',
    hidden: ['secret_value'],
    update: (_, body) => body,
    list: (_, data) => ({ code: 1000, data, message: 'ok' }),
    one: (data) => ({ code: 1000, data, message: 'ok' }),
    created: (data) => ({ code: 1000, data, message: 'ok' }),
  },
};

/** The id member of a vendor's objects. */
export function idFieldOf(vendor: string): string {
  return wireOf(vendor).idField;
}

export function openModel(vendor: string): VendorModel {
  const wire = wireOf(vendor);
  const collections = new Map<string, Map<string, JsonObject>>();
  let made = 0;

  const collection = (path: string): Map<string, JsonObject> => {
    const found = collections.get(path) ?? new Map<string, JsonObject>();
    collections.set(path, found);
    return found;
  };
  const shown = (object: JsonObject): JsonObject =>
    clone(Object.fromEntries(Object.entries(object).filter(([name]) => !wire.hidden.includes(name))));

  function locate(path: string): { objects: Map<string, JsonObject>; id?: string } {
    const plain = path.split('?', 1)[0] ?? '';
    if (collections.has(plain)) return { objects: collection(plain) };
    const cut = plain.lastIndexOf('/');
    const objects = collections.get(plain.slice(0, cut));
    if (objects === undefined) return { objects: collection(plain) };
    const id = decodeURIComponent(plain.slice(cut + 1));
    if (!objects.has(id)) throw new VendorError('not-found', 'no such object');
    return { objects, id };
  }

  return {
    collection,
    read({ path }) {
      const { objects, id } = locate(path);
      const body =
        id === undefined
          ? wire.list(path, [...objects.values()].map(shown))
          : wire.one(shown(objects.get(id) ?? {}));
      return { status: 200, body };
    },
    write({ method, path, body: sent }) {
      const { objects, id } = locate(path);
      const body = clone(sent ?? {});
      if (method === 'POST') {
        made += 1;
        const given = body[wire.idField];
        const object = { ...body, [wire.idField]: typeof given === 'string' ? given : `made-${made}` };
        objects.set(String(object[wire.idField]), object);
        return { status: 201, body: wire.created(shown(object)) };
      }
      if (id === undefined) throw new Error(`${method} without an id`);
      const object = objects.get(id) ?? {};
      if (method === 'DELETE') objects.delete(id);
      else objects.set(id, { ...object, ...wire.update(object, body) });
      return { status: 200, body: wire.created(shown(object)) };
    },
  };
}

function wireOf(vendor: string): Wire {
  const wire = WIRES[vendor];
  if (wire === undefined) throw new Error(`no model of ${vendor}`);
  return wire;
}

function membersOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** What went over the wire is JSON, and nothing of it is shared. */
function clone(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
