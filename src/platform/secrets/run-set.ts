/** A set of short texts, each kept as 53 bits of a hash: a long secret has hundreds of thousands of parts. */
export interface RunSet {
  /** Every part of `length` characters. */
  addRuns(text: string, length: number): void;
  hasRun(text: string, at: number, length: number): boolean;
}

export function createRunSet(): RunSet {
  let slots = new Float64Array(1024);
  let size = 0;

  function grow(): void {
    const before = slots;
    slots = new Float64Array(before.length * 2);
    for (const key of before) if (key !== 0) slots[slotOf(slots, key)] = key;
  }

  return {
    addRuns(text, length) {
      for (let at = 0; at + length <= text.length; at += 1) {
        const key = keyOf(text, at, length);
        const slot = slotOf(slots, key);
        if (slots[slot] === key) continue;
        slots[slot] = key;
        size += 1;
        if (size * 2 > slots.length) grow();
      }
    },
    hasRun(text, at, length) {
      const key = keyOf(text, at, length);
      return slots[slotOf(slots, key)] === key;
    },
  };
}

/** The second hash is the last 21 bits of a key. */
const TAIL = 0x200000;

/** Where a key is, or the free slot where it belongs. */
function slotOf(slots: Float64Array, key: number): number {
  const mask = slots.length - 1;
  let slot = Math.floor(key / TAIL) & mask;
  while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

/** Two hashes in one number, which is never 0: that is a free slot. */
function keyOf(text: string, at: number, length: number): number {
  let a = 0x811c9dc5;
  let b = length;
  for (let i = at; i < at + length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b, 0x9e3779b1) + code;
    b ^= b >>> 15;
  }
  return (a >>> 0) * TAIL + (b >>> 11) || 1;
}
