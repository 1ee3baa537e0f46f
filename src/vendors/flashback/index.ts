import { isObject } from '../../model/json.js';
import { firstString } from '../../model/parse-answer.js';
import type { Vendor } from '../../model/vendor.js';
import { llm } from './llm.js';

/** Flashback: the AI LLM configurations of an organization's workspaces. */
export const vendor: Vendor = {
  id: 'flashback',
  title: 'Flashback',
  // The reference and the client name different hosts, so a target must say which one it means.
  hosts: ['backend.flashback.tech', 'api.flashback.tech'],
  auth: { header: 'authorization', prefix: 'Bearer ' },
  credential: 'a session token of a user (from /user/login)',
  kinds: [llm],
  failure: ({ body }) =>
    isObject(body) && body.success === false
      ? (firstString(body, ['message']) ?? 'the answer says success: false')
      : undefined,
  errorMessage: (body) => firstString(body, ['message']),
};
