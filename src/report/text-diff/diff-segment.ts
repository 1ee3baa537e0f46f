/** A stretch of a compared text. `elided` is in the place of text that is left out. */
export interface DiffSegment {
  kind: 'same' | 'removed' | 'added' | 'elided';
  text: string;
}
