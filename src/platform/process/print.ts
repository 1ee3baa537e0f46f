import { writeSync } from 'node:fs';

/** Prints to stdout at once. False where that is full or closed, or did not take all of the text. */
export function tryToPrint(text: string): boolean {
  try {
    return writeSync(1, text) === Buffer.byteLength(text);
  } catch {
    return false;
  }
}
