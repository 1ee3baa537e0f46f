import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { assertPagesFit, createPageCheck } from '../../model/paging.js';
import { expectObject, expectObjects, firstString } from '../../model/parse-answer.js';
import type { Read } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';

export const PATH = '/v1/llms';
/** Sibling lists of the same API document 1 to 100 with a default of 10; for LLMs no limit is declared. */
const PER_PAGE = 100;
/** Pages that are asked for at a time: of a listing that repeats itself no more are read. */
const AT_A_TIME = 10;

interface Page {
  number: number;
  items: JsonObject[];
  meta: Json | undefined;
}

/**
 * Every LLM of the listing, all pages, each id once. The order of the list is undocumented, so objects are told
 * apart by id and counted against `meta.total`: a listing that does not add up is an error, never "absent".
 */
export async function listAll(read: Read): Promise<JsonObject[]> {
  const first = await readPage(read, 1);
  const { total, pages } = totals(first);
  const listed = [first];
  const refuseRepeated = createPageCheck(WHAT);
  refuseRepeated(first);
  for (let next = 2; next <= pages; next += AT_A_TIME) {
    const numbers = Array.from({ length: Math.min(AT_A_TIME, pages - next + 1) }, (_, i) => next + i);
    const more = await Promise.all(numbers.map((page) => readPage(read, page)));
    for (const page of more) refuseRepeated(page);
    listed.push(...more);
  }
  const byId = new Map(listed.flatMap(({ items }) => items.map((item) => [item.id, item])));
  if (byId.size !== total) {
    throw new VendorError(
      'incomplete',
      `the ${WHAT} does not add up: it has ${byId.size} different objects, and the total says ${total < byId.size ? 'fewer' : 'more'}; run it again`,
    );
  }
  return [...byId.values()];
}

const WHAT = 'list of LLMs';

async function readPage(read: Read, number: number): Promise<Page> {
  // The default of includeDefaults is undocumented, so it is always sent.
  const path = `${PATH}?page=${number}&perPage=${PER_PAGE}&includeDefaults=false`;
  const body = expectObject((await read({ method: 'GET', path })).body, WHAT);
  return { number, items: expectObjects(body.data, `${WHAT}: data`), meta: body.meta };
}

/** The server may give fewer a page than it was asked for: its own `meta` says how many pages there are. */
function totals({ meta, items }: Page): { total: number; pages: number } {
  const { total, lastPage, perPage } = isObject(meta) ? meta : {};
  if (!isCount(total) || !(isCount(lastPage) || isCount(perPage))) {
    throw new VendorError('unexpected', `the ${WHAT} carries no totals, so it cannot be trusted to be whole`);
  }
  const size = isCount(perPage) && perPage > 0 ? perPage : Math.max(1, items.length);
  const pages = isCount(lastPage) ? lastPage : Math.ceil(total / size);
  assertPagesFit({ total, pages, size, seen: items.length }, WHAT);
  return { total, pages };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** No error body is declared; the vendor's SDK reads `message`, then `error`. The rest may echo the request. */
export function errorMessage(body: Json | undefined): string | undefined {
  return firstString(body, ['message', 'error']);
}
