import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { expectId, expectObject, expectObjects, pathSegment, pick } from '../../model/parse-answer.js';
import type { Kind, Live } from '../../model/vendor.js';
import { audit } from './audit.js';

const PATH = '/ai/llm';

/**
 * An AI LLM configuration of Flashback. There is no GET by id, create and update answer only the id, PUT is
 * partial (reference pages and TypeScript client 0.3.13, May 2026).
 */
export const llm: Kind = {
  name: 'LLM',
  rules: {
    fields: {
      workspaceId: { immutable: true, security: true },
      endpoint: { form: 'url' },
      key: { writeOnly: true, secrets: [''] },
      secret: { writeOnly: true, secrets: [''] },
      // Written as apiKeyUuid and read as apiKeyId; that both hold the same value is undocumented.
      apiKeyUuid: { writeOnly: true, security: true },
    },
    writes: 'merge-patch',
    naturalName: ['workspaceId', 'name'],
    // A delete is refused while a repository uses the object: refused first, nothing has changed yet. And what a crash
    // leaves behind would have the unique name that a second create needs.
    replace: 'delete-first',
  },
  async list(read) {
    const body = expectObject((await read({ method: 'GET', path: PATH })).body, 'list of AI LLMs');
    return expectObjects(body.aiLlms, 'list of AI LLMs: aiLlms').map(fromWire);
  },
  toWire: (spec) => ({ ...spec }),
  fromWire,
  create: (body) => ({ method: 'POST', path: PATH, body }),
  createdId: (answer) => expectId(expectObject(answer.body, 'created AI LLM').aiLlmId, 'aiLlmId'),
  update: (id, body) => ({ method: 'PUT', path: `${PATH}/${pathSegment(id)}`, body }),
  remove: (id) => ({ method: 'DELETE', path: `${PATH}/${pathSegment(id)}` }),
  audit,
};

function fromWire(body: JsonObject): Live {
  const live: Live = {
    id: expectId(body.id, 'AI LLM id'),
    spec: pick(body, ['name', 'aiType', 'endpoint', 'workspaceId']),
    body,
  };
  const repositories = Array.isArray(body.repos) ? body.repos.map(repositoryName) : [];
  if (repositories.length > 0) live.usedBy = repositories;
  return live;
}

function repositoryName(item: Json): string {
  const { name, id } = isObject(item) ? item : {};
  return `repository ${typeof name === 'string' ? name : String(id ?? '?')}`;
}
