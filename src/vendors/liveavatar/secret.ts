import type { JsonObject } from '../../model/json.js';
import { expectId, pathSegment, pick } from '../../model/parse-answer.js';
import type { Kind, Live } from '../../model/vendor.js';
import { dataOf, listOf } from './api.js';

const PATH = '/v1/secrets';

/**
 * A secret of a LiveAvatar space. There is no operation that reads or changes one (PATCH and PUT answered 405 on
 * 2026-10-08) and its value is never returned, so a change makes a new version; the vendor's skill guide gives
 * the order: create, repoint the configurations, delete.
 */
export const secret: Kind = {
  name: 'Secret',
  rules: {
    fields: { secret_value: { writeOnly: true, secrets: [''] } },
    writes: 'new-version',
    naturalName: ['secret_name'],
    replace: 'create-first',
  },
  list: async (read) => listOf(await read({ method: 'GET', path: PATH }), 'list of secrets').map(fromWire),
  toWire: (spec) => ({ ...spec }),
  fromWire,
  create: (body) => ({ method: 'POST', path: PATH, body }),
  createdId: (answer) => expectId(dataOf(answer, 'created secret').id, 'id'),
  remove: (id) => ({ method: 'DELETE', path: `${PATH}/${pathSegment(id)}` }),
};

function fromWire(body: JsonObject): Live {
  return { id: expectId(body.id, 'secret id'), spec: pick(body, ['secret_name', 'secret_type']), body };
}
