import { isObject, type Json } from '../model/json.js';

/** Ways of vendors with a text before they keep it: they drop white space at its ends, turn CRLF into LF, or compose it. */
export type TextRewrite = 'trim' | 'lf' | 'nfc';

/** Switches that every emulator has. */
export interface SharedOptions {
  /** Ways to rewrite every text of a body that was sent. Default none. */
  rewritesText: readonly TextRewrite[];
}

export function sharedOptions(): SharedOptions {
  return { rewritesText: [] };
}

const REWRITES: Readonly<Record<TextRewrite, (text: string) => string>> = {
  trim: (text) => text.trim(),
  lf: (text) => text.replaceAll('\r\n', '\n'),
  nfc: (text) => text.normalize('NFC'),
};

/** A value with every text in it rewritten, names of members left alone. */
export function rewriteTexts<Value extends Json>(value: Value, ways: readonly TextRewrite[]): Value {
  return (ways.length === 0 ? value : rewritten(value, ways)) as Value;
}

function rewritten(value: Json, ways: readonly TextRewrite[]): Json {
  if (typeof value === 'string') return ways.reduce((text, way) => REWRITES[way](text), value);
  if (Array.isArray(value)) return value.map((item) => rewritten(item, ways));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rewritten(member, ways)]));
}
