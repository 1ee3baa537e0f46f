import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { expectObject, expectObjects, firstString } from '../../model/parse-answer.js';
import type { Read } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';

export const PATH = '/v1/llms';
/** Sibling lists of the same API document 1 to 100 with a default of 10; for LLMs no limit is declared. */
const PER_PAGE = 100;
/** More pages than this is a listing that lies. */
const MAX_PAGES = 100_000;

/**
 * Every LLM of the listing, all pages, each id once. The order of the list is undocumented, so objects are told
 * apart by id and counted against `meta.total`: a listing that does not add up is an error, never "absent".
 */
export async function listAll(read: Read): Promise<JsonObject[]> {
  const first = await readPage(read, 1);
  const { total, pages } = totals(first.meta);
  const numbers = Array.from({ length: Math.max(0, pages - 1) }, (_, i) => i + 2);
  const rest = await Promise.all(numbers.map((page) => readPage(read, page)));
  const byId = new Map<Json | undefined, JsonObject>();
  for (const page of [first, ...rest]) {
    for (const item of page.items) byId.set(item.id, item);
  }
  if (byId.size !== total) {
    throw new VendorError(
      'incomplete',
      `the list of LLMs does not add up: it has ${byId.size} different objects, but the total says ${total < byId.size ? 'fewer' : 'more'}; run it again`,
    );
  }
  return [...byId.values()];
}

async function readPage(read: Read, page: number): Promise<{ items: JsonObject[]; meta: Json | undefined }> {
  // The default of includeDefaults is undocumented, so it is always sent.
  const path = `${PATH}?page=${page}&perPage=${PER_PAGE}&includeDefaults=false`;
  const body = expectObject((await read({ method: 'GET', path })).body, 'list of LLMs');
  return { items: expectObjects(body.data, 'list of LLMs: data'), meta: body.meta };
}

/** The server may give fewer a page than it was asked for: its own `meta` says how many pages there are. */
function totals(meta: Json | undefined): { total: number; pages: number } {
  const { total, lastPage, perPage } = isObject(meta) ? meta : {};
  if (!isCount(total) || !(isCount(lastPage) || isCount(perPage))) {
    throw new VendorError(
      'incomplete',
      'the list of LLMs carries no totals, so it cannot be trusted to be whole',
    );
  }
  const pages = isCount(lastPage) ? lastPage : Math.ceil(total / Math.max(1, Number(perPage)));
  if (pages > MAX_PAGES)
    throw new VendorError('incomplete', `the list of LLMs claims to have more than ${MAX_PAGES} pages`);
  return { total, pages };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** No error body is declared; the vendor's SDK reads `message`, then `error`. The rest may echo the request. */
export function errorMessage(body: Json | undefined): string | undefined {
  return firstString(body, ['message', 'error']);
}
