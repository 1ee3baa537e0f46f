/**
 * Pretty-printed JSON with a newline at the end. Whatever a terminal could act upon is written as a `\u` escape,
 * which JSON readers turn back: a document on stdout is often looked at with bare eyes.
 */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replace(RISKY, escapeUnits)}\n`;
}

// What JSON.stringify leaves as it is. All of these can stand only inside strings.
const RISKY =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
