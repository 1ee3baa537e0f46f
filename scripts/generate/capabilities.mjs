import { join } from 'node:path';
import { vendorIndex } from './indexes.mjs';
import { loadCode } from './load-source.mjs';
import { code, table } from './table.mjs';

/** The capabilities of each kind of each vendor, from the vendor definitions; undefined without vendors. */
export async function capabilityTable(folder) {
  const vendors = await loadVendors(folder);
  const columns = vendors.flatMap((vendor) => vendor.kinds.map((kind) => ({ vendor, kind })));
  if (columns.length === 0) return undefined;
  return table(
    ['', ...columns.map(({ vendor, kind }) => `${vendor.title} ${kind.name}`)],
    Object.entries(rows).map(([title, cell]) => [title, ...columns.map(({ kind }) => cell(kind))]),
  );
}

const rows = {
  list: () => 'yes',
  'read one': (kind) => (kind.read ? 'yes' : 'through the list'),
  create: () => 'yes',
  update: updateOf,
  'order of a replacement': replacementOf,
  delete: (kind) => (kind.remove ? 'yes' : 'no'),
  'ownership mark': ({ rules }) =>
    rules.mark ? code(`${rules.mark.field}["${rules.mark.key}"]`) : 'no room for one',
  'names are unique': ({ rules: { uniqueName } }) =>
    uniqueName === undefined
      ? 'not documented'
      : [code(uniqueName.field), ...uniqueName.within.map((field) => `within ${code(field)}`)].join(' '),
  'id made by llmform': ({ rules }) => (rules.clientId ? code(rules.clientId) : 'no'),
  'managed key by key': (kind) => fieldsWith(kind, 'map'),
  'write-only fields': (kind) => fieldsWith(kind, 'writeOnly'),
  'immutable fields': (kind) => fieldsWith(kind, 'immutable'),
  'updates cannot express every value': (kind) => fieldsWith(kind, 'onUpdate'),
  'no documented way to write': (kind) => fieldsWith(kind, 'undocumentedWrite'),
};

function updateOf(kind) {
  if (kind.rules.writes === 'new-version') return 'no: a change makes a new version';
  return kind.update ? 'yes, sends what changed' : 'no: a change is a replacement';
}

function replacementOf({ rules }) {
  if (rules.writes === 'new-version') return 'create, repoint, delete';
  return rules.replace === 'create-first' ? 'create, then delete' : 'delete, then create';
}

function fieldsWith({ rules }, property) {
  const names = Object.keys(rules.fields).filter((name) => rules.fields[name][property] !== undefined);
  return names.length === 0 ? 'none' : names.map(code).join(', ');
}

async function loadVendors(folder) {
  const { vendors } = await loadCode(folder, await vendorIndex(folder), join(folder, 'src/vendors'));
  return vendors;
}
