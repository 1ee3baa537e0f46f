import { expectId, expectObject, expectObjects, pathSegment } from '../../model/parse-answer.js';
import type { Kind } from '../../model/vendor.js';
import { audit } from './audit.js';
import { fromWire, toWire } from './convert.js';
import { rules } from './rules.js';

const PATH = '/v1/llms';

/** An LLM of a GoodMem server. PUT is a partial update; the list has no pages in any generation of the API. */
export const llm: Kind = {
  name: 'LLM',
  rules,
  async list(read) {
    const body = expectObject((await read({ method: 'GET', path: PATH })).body, 'list of LLMs');
    return expectObjects(body.llms, 'list of LLMs: llms').map(fromWire);
  },
  read: async (read, id) =>
    fromWire(expectObject((await read({ method: 'GET', path: `${PATH}/${pathSegment(id)}` })).body, 'LLM')),
  toWire,
  fromWire,
  create: (body) => ({ method: 'POST', path: PATH, body }),
  createdId(answer) {
    const body = expectObject(answer.body, 'created LLM');
    return expectId(expectObject(body.llm, 'created LLM: llm').llmId, 'llmId');
  },
  update: (id, body) => ({ method: 'PUT', path: `${PATH}/${pathSegment(id)}`, body }),
  remove: (id) => ({ method: 'DELETE', path: `${PATH}/${pathSegment(id)}` }),
  audit,
};
