import { describe, expect, it } from 'vitest';
import { validate as ledgerSchema } from '../../src/ledger/ledger.schema.generated.js';
import { parseForeignJson, readForeignJson } from '../../src/model/foreign-json.js';
import { validate as lockSchema } from '../../src/platform/fs/lock-holder.schema.generated.js';
import { validate as lastGoodSchema } from '../../src/watch/source/last-good.schema.generated.js';

const salt = 'AAAAAAAAAAAAAAAAAAAAAA==';
const ledger = { formatVersion: 1, project: 'p', salt, objects: {}, intents: {} };
const entry = { vendor: 'anam', id: '1', applied: {} };
const holder = { pid: 1, host: 'h', since: '', token: 'a0' };

function faultOf(value: unknown, schema = ledgerSchema): string {
  const read = readForeignJson(JSON.stringify(value), schema);
  return 'fault' in read ? read.fault : 'none';
}

describe('JSON from outside', () => {
  it.each([
    ['it is not a map', []],
    ['project is missing', { ...ledger, project: undefined }],
    ['formatVersion is none of "1", "2"', { ...ledger, formatVersion: '1' }],
    ['salt does not match ^[A-Za-z0-9+/]{16,}={0,2}$', { ...ledger, salt: '?' }],
    ['objects["t/LLM/a"] is not a map', { ...ledger, objects: { 't/LLM/a': null } }],
    ['objects["t/LLM/a"].id is missing', { ...ledger, objects: { 't/LLM/a': { ...entry, id: undefined } } }],
    ['objects["t/LLM/a"].id is empty', { ...ledger, objects: { 't/LLM/a': { ...entry, id: '' } } }],
    [
      'objects["t/LLM/a"].applied["/a/b"] is not text',
      { ...ledger, objects: { 't/LLM/a': { ...entry, applied: { '/a/b': 1 } } } },
    ],
    [
      'intents.a.inherited is not text or a map',
      { ...ledger, intents: { a: { vendor: 'a', known: [], inherited: 1 } } },
    ],
    ['spent[1] is not text', { ...ledger, spent: ['a', 2] }],
  ])('of another shape says where: %s', (fault, value) => {
    expect(faultOf(value)).toBe(fault);
  });

  it('passes with members that are not known, and keeps them', () => {
    const value = { ...ledger, later: 1, objects: { 't/LLM/a': { ...entry, later: [1] } } };
    expect(readForeignJson(JSON.stringify(value), ledgerSchema)).toEqual({ value });
  });

  it('loses them where its schema names all that belongs there', () => {
    const value = { place: 'p', commit: 'a'.repeat(40), config: 'c' };
    expect(readForeignJson(JSON.stringify({ ...value, later: 1 }), lastGoodSchema)).toEqual({ value });
  });

  it('has whole numbers where they are asked for', () => {
    expect(faultOf(holder, lockSchema)).toBe('none');
    expect(faultOf({ ...holder, pid: 1.5 }, lockSchema)).toBe('pid is not a whole number');
    expect(faultOf({ ...holder, pid: 1e300 }, lockSchema)).toBe('pid has a value that is not allowed');
    expect(faultOf({ ...holder, token: '../x' }, lockSchema)).toContain('token does not match');
  });

  it.each([
    ['', 'it is empty'],
    ['{"a":', 'it is not JSON, or cut off'],
    ['{\n<<<<<<< HEAD\n', 'it holds the marks of a merge conflict'],
    [nested(50_000), 'it is nested more than 200 levels deep'],
    [nested(201), 'it is nested more than 200 levels deep'],
  ])('that cannot be read says why (%#)', (text, fault) => {
    expect(parseForeignJson(text)).toEqual({ fault });
  });

  it('may be as deep as a plan of a manifest', () => {
    expect(parseForeignJson(nested(200))).toHaveProperty('value');
  });
});

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}
