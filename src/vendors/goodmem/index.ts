import { firstString } from '../../model/parse-answer.js';
import type { Vendor } from '../../model/vendor.js';
import { llm } from './llm.js';

/** GoodMem (PAIR Systems), self-hosted: the LLMs of one server. */
export const vendor: Vendor = {
  id: 'goodmem',
  title: 'GoodMem',
  auth: { header: 'x-api-key', prefix: '' },
  credential: 'an API key of your server (gm_…)',
  kinds: [llm],
  // The references show no error body; the vendor's own integrations read `message`, then `error`.
  errorMessage: (body) => firstString(body, ['message', 'error']),
};
