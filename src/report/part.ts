/** A stretch of a compared text. `elided` stands for unchanged or overlong text that is left out. */
export interface Part {
  kind: 'same' | 'removed' | 'added' | 'elided';
  text: string;
}
