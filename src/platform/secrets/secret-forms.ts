import { looksRandom } from './random-text.js';

/**
 * A secret of so many characters may be found by trying. Whether it stands in a text is never told by what is shown of that
 * text, because who can write the text could go through all guesses.
 */
export const LONGEST_GUESSABLE = 15;

/** By the secret itself, not by the form that is found: each encoding of a short one is longer. */
export function isGuessable(secret: string): boolean {
  return secret.trim().length <= LONGEST_GUESSABLE;
}

/** Shorter forms are never looked for in values: every `on` or `a1` would match, and hide what people review. */
export const SHORTEST_FORM = 8;

/**
 * A secret in the encodings in which it turns up by accident, each once and without those that are too short. Base64 is
 * there at all three offsets, because the secret may be the end of a longer text, such as `user:<secret>`.
 */
export function encodingsOf(secret: string): string[] {
  // Half a character cannot be put into a URL.
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const json = quoted(secret);
  const hex = Buffer.from(secret).toString('hex');
  const forms = [
    secret,
    secret.trim(),
    ...base64Forms(secret),
    hex,
    hex.toUpperCase(),
    url,
    url.replaceAll('%20', '+'),
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    json,
    quoted(json),
    html(secret),
    secret.toUpperCase(),
    secret.toLowerCase(),
    ...linesOf(secret),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_FORM);
}

/** Base64 and base64url of a secret, without the characters that depend on what stands before or behind it. */
export function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((offset * 8) / 6), whole);
  });
  const all = [bytes.toString('base64').replace(/=+$/, ''), ...shifted];
  return [...all, ...all.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Of a certificate or a key in several lines, each that cannot be mistaken for words. */
function linesOf(secret: string): string[] {
  if (!secret.includes('\n')) return [];
  return secret.split(/\r?\n/).filter((line) => /^\S{16,}$/.test(line) && looksRandom(line));
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
