/** 1-based. */
export interface Position {
  line: number;
  column: number;
}

/** Which half of `key: value` a finding is about. */
export type Side = 'key' | 'value';
