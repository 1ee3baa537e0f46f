import { isObject, type JsonObject } from '../../model/json.js';
import { findIdFault } from '../../model/object-id.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';

/** Checks what `metadata.id` binds to. That it is a text, and not an empty one, is for the schema. */
export function checkBoundId(place: DocumentPlace, document: JsonObject): void {
  const { id } = isObject(document.metadata) ? document.metadata : {};
  if (typeof id !== 'string' || id === '') return;
  const fault = findIdFault(id);
  if (fault === undefined) return;
  addFinding(place, {
    code: 'schema',
    summary: `metadata.id cannot be an id: ${fault}`,
    detail: 'Write the id of the object exactly as the vendor shows it, without its path.',
    path: '/metadata/id',
  });
}
