import fc from 'fast-check';
import { isObject, type Json } from '../../src/model/json.js';

/** Bytes with a few of them flipped, cut out, repeated, or replaced by what parsers stumble over. */
export function mutatedBytes(sources: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...sources), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([source, edits]) => edits.reduce((bytes, change) => change(bytes), source));
}

type Edit = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, noNaN: true });

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([at, byte]): Edit =>
      (bytes) =>
        spliced(bytes, at, 1, Uint8Array.of(byte)),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(
    ([at, length]): Edit =>
      (bytes) =>
        spliced(bytes, at, length, new Uint8Array()),
  ),
  fc.tuple(place, place, fc.integer({ min: 1, max: 80 })).map(
    ([from, to, length]): Edit =>
      (bytes) => {
        const start = Math.floor(from * bytes.length);
        return spliced(bytes, to, 0, bytes.subarray(start, start + length));
      },
  ),
  fc
    .tuple(
      place,
      fc.constantFrom(
        ...[
          '\t',
          '\n---\n',
          '\r',
          '"',
          "'",
          '[',
          '}',
          '{',
          ': ',
          '- ',
          '&a ',
          '*a ',
          '!!binary ',
          '<<: *a\n',
          '|',
          '>-\n',
          '#',
          '%',
          '\u0000',
        ],
        ...[
          '\u001b[2J',
          '\u2028',
          '\ufeff',
          '__proto__',
          '~',
          '.inf',
          '1e999',
          '\\u0000',
          '\\ud800',
          'null',
          ',',
          '[[[[[[[[[[',
        ],
      ),
    )
    .map(
      ([at, text]): Edit =>
        (bytes) =>
          spliced(bytes, at, 0, new TextEncoder().encode(text)),
    ),
);

function spliced(bytes: Uint8Array, at: number, length: number, between: Uint8Array): Uint8Array {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([
    bytes.subarray(0, start),
    between,
    bytes.subarray(Math.min(bytes.length, start + length)),
  ]);
}

/** What stands in for a value that a vendor promised. */
export const WRONG: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '\u001b]0;owned\u0007\u001b[2J\u202e\n\r\nerror',
  '\ud800',
  '../../..',
  '.',
  '__proto__',
  [],
  {},
  [null],
  [[]],
  JSON.parse('{"__proto__":{"id":"x"},"constructor":null,"toString":1,"hasOwnProperty":2}') as Json,
  nested(2000),
];

/** Every way to put one wrong value in one place of a reply, or to leave that place out. */
export function wrongVersions(value: Json): Json[] {
  const inner: Json[] = [];
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      inner.push(
        value.filter((_, j) => j !== i),
        [...value, item],
      );
      for (const version of wrongVersions(item))
        inner.push(value.map((other, j) => (j === i ? version : other)));
    });
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      inner.push(Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)));
      for (const version of wrongVersions(member)) inner.push({ ...value, [key]: version });
    }
  }
  return [...WRONG, ...inner];
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
