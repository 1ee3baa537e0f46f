/** Targets that were suspended by a command or on the page, as opposed to in the project file. */
export interface Suspensions {
  has(target: string): boolean;
  suspend(target: string): Promise<void>;
  resume(target: string): Promise<void>;
  /** Sets who is told when another process suspended or resumed something. Called once. */
  onChange?(tell: () => void): void;
  close?(): Promise<void>;
}

/** Remembers them as long as this process lives. */
export function suspensionsInMemory(): Suspensions {
  const suspended = new Set<string>();
  return {
    has: (target) => suspended.has(target),
    suspend: async (target) => void suspended.add(target),
    resume: async (target) => void suspended.delete(target),
  };
}
