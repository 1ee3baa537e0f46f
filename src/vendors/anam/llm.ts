import { expectId, expectObject, pathSegment } from '../../model/parse-answer.js';
import type { Kind } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';
import { listAll, PATH } from './api.js';
import { audit } from './audit.js';
import { fromWire, isBuiltIn, toWire } from './convert.js';
import { rules } from './rules.js';

/** An LLM of an Anam organization. PUT is partial: only the members sent are changed (OpenAPI, 2026-07-23). */
export const llm: Kind = {
  name: 'LLM',
  rules,
  list: async (read) => (await listAll(read)).filter((body) => !isBuiltIn(body)).map(fromWire),
  async read(read, id) {
    const body = expectObject(
      (await read({ method: 'GET', path: `${PATH}/${pathSegment(id)}` })).body,
      'LLM',
    );
    if (isBuiltIn(body))
      throw new VendorError('not-found', `LLM ${id} is built into Anam: not managed by llmform`);
    return fromWire(body);
  },
  toWire,
  fromWire,
  create: (body) => ({ method: 'POST', path: PATH, body }),
  createdId: (answer) => expectId(expectObject(answer.body, 'created LLM').id, 'id'),
  update: (id, body) => ({ method: 'PUT', path: `${PATH}/${pathSegment(id)}`, body }),
  remove: (id) => ({ method: 'DELETE', path: `${PATH}/${pathSegment(id)}` }),
  audit,
};
