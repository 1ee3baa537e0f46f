import type { JsonObject } from '../../model/json.js';
import { expectId, pathSegment, pick } from '../../model/parse-answer.js';
import type { Kind, Live } from '../../model/vendor.js';
import { dataOf, listOf } from './api.js';
import { auditLlm } from './audit.js';

const PATH = '/v1/llm-configurations';
const FIELDS = ['display_name', 'model_name', 'base_url', 'secret_id'];

/** An LLM configuration of a LiveAvatar space. PATCH changes only what is sent (OpenAPI, seen live 2026-10-08). */
export const llm: Kind = {
  name: 'LLM',
  rules: {
    fields: {
      // How the vendor normalises it is undocumented, so both spellings of one URL count as the same.
      base_url: { form: 'url' },
      secret_id: { refersTo: 'Secret' },
    },
    writes: 'merge-patch',
    naturalName: ['display_name'],
    replace: 'delete-first',
  },
  list: async (read) =>
    listOf(await read({ method: 'GET', path: PATH }), 'list of LLM configurations').map(fromWire),
  read: async (read, id) =>
    fromWire(dataOf(await read({ method: 'GET', path: `${PATH}/${pathSegment(id)}` }), 'LLM configuration')),
  toWire: (spec) => ({ ...spec }),
  fromWire,
  create: (body) => ({ method: 'POST', path: PATH, body }),
  createdId: (answer) => expectId(dataOf(answer, 'created LLM configuration').id, 'id'),
  update: (id, body) => ({ method: 'PATCH', path: `${PATH}/${pathSegment(id)}`, body }),
  remove: (id) => ({ method: 'DELETE', path: `${PATH}/${pathSegment(id)}` }),
  audit: auditLlm,
};

function fromWire(body: JsonObject): Live {
  return { id: expectId(body.id, 'LLM configuration id'), spec: pick(body, FIELDS), body };
}
