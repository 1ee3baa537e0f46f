import type { EmulatedApi, EmulatedReply, EmulatedRoute } from '../../api.js';
import type { Store, Stored } from '../../store.js';
import type { AnamOptions } from './options.js';

/** The listing in pages, as a route. */
export function listRoute(
  options: AnamOptions,
  llms: Store,
  organization: string,
  refuse: EmulatedApi['refuse'],
): EmulatedRoute {
  const select = selection(options, llms, organization);
  let requests = 0;
  let turned = 0;

  /** Changes the listing as other users may do between the pages of a reader. */
  function disturb(): void {
    if (options.betweenPages === 'nothing' || options.disturbedListings < 1) return;
    options.disturbedListings -= 1;
    if (options.betweenPages === 'shuffle') turned += 1;
    if (options.betweenPages === 'insert' || options.betweenPages === 'replace')
      llms.add({ displayName: 'Added by another user' });
    if (options.betweenPages === 'delete' || options.betweenPages === 'replace') {
      const oldest = llms.all().find(({ builtIn }) => !builtIn);
      if (oldest !== undefined) llms.remove(oldest.id);
    }
  }

  return {
    method: 'GET',
    path: '/v1/llms',
    kind: 'LLM',
    paged: true,
    query: (name) => ['page', 'perPage', 'search', 'includeDefaults'].includes(name),
    run({ query, effect }) {
      const asked = readPage(options, query);
      if (typeof asked === 'string') return refuse(400, asked);
      const selected = select(asked);
      requests += 1;
      const ordered = shifted(selected, options.order === 'shifting' ? requests : turned);
      const reply = pageReply(options, llms, ordered, asked, effect?.type);
      if (asked.page === 1 && selected.length > asked.perPage) disturb();
      return reply;
    },
  };
}

interface Page {
  page: number;
  perPage: number;
  search: string;
  includeDefaults: boolean;
}

/** The page a query asks for, or in words what is wrong with it. */
function readPage(options: AnamOptions, query: URLSearchParams): Page | string {
  const page = query.get('page') ?? '1';
  const perPage = query.get('perPage') ?? String(options.defaultPerPage);
  const includeDefaults = query.get('includeDefaults') ?? String(options.includeDefaults);
  if (!/^[1-9]\d*$/.test(page)) return 'page must be an integer of at least 1';
  if (!/^[1-9]\d*$/.test(perPage)) return 'perPage must be an integer of at least 1';
  if (!['true', 'false'].includes(includeDefaults)) return 'includeDefaults must be true or false';
  if (Number(perPage) > options.maxPerPage && options.perPageOverLimit === 'reject') {
    return `perPage must be at most ${options.maxPerPage}`;
  }
  return {
    page: Number(page),
    perPage: Math.min(Number(perPage), options.maxPerPage),
    search: (query.get('search') ?? '').toLowerCase(),
    includeDefaults: includeDefaults === 'true',
  };
}

/** Picks and orders what is listed. The last result is kept, because the pages of one listing ask the same. */
function selection(options: AnamOptions, llms: Store, organization: string) {
  let kept: { key: string; selected: readonly Stored[] } | undefined;

  function isListed({ shown }: Stored, { search, includeDefaults }: Page): boolean {
    const shared = shown.isGlobal === true && shown.createdByOrganizationId !== organization;
    if (!includeDefaults && (shown.isDefault === true || (shared && !options.listsGlobals))) return false;
    return search === '' || String(shown.displayName).toLowerCase().includes(search);
  }

  return (asked: Page): readonly Stored[] => {
    const { search, includeDefaults } = asked;
    const key = JSON.stringify([
      llms.version(),
      search,
      includeDefaults,
      options.listsGlobals,
      options.order,
    ]);
    if (kept?.key === key) return kept.selected;
    const selected = llms.all().filter((stored) => isListed(stored, asked));
    if (options.order === 'newest-first') selected.reverse();
    kept = { key, selected };
    return selected;
  };
}

/** The same objects, the last `by` of them moved to the front. */
function shifted(all: readonly Stored[], by: number): readonly Stored[] {
  if (by === 0) return all;
  const cut = all.length - (by % Math.max(1, all.length));
  return [...all.slice(cut), ...all.slice(0, cut)];
}

function pageReply(
  options: AnamOptions,
  llms: Store,
  all: readonly Stored[],
  { page, perPage }: Page,
  effect: string | undefined,
): EmulatedReply {
  const served = effect === 'duplicate-page' ? Math.max(1, page - 1) : page;
  const items = effect === 'missing-page' ? [] : all.slice((served - 1) * perPage, served * perPage);
  const lastPage = all.length === 0 ? options.lastPageOfEmpty : Math.ceil(all.length / perPage);
  const meta = {
    total: all.length + (effect === 'wrong-total' ? 1 : 0),
    lastPage,
    currentPage: page,
    perPage,
    prev: page > 1 ? page - 1 : null,
    next: page < lastPage ? page + 1 : null,
  };
  return {
    status: 200,
    text: `{"data":[${items.map(llms.text).join(',')}],"meta":${JSON.stringify(meta)}}`,
  };
}
