import type { AsyncCommand } from 'fast-check';
import { check } from './check.js';
import type { Walk } from './walk.js';

/** One thing that people do between two runs, or a run. */
export interface Step {
  name: string;
  /** Whether it can happen now. */
  isPossible?: (walk: Walk) => boolean;
  take(walk: Walk): Promise<void> | void;
}

/** The walk is the model and the real thing in one: what a step may do depends on what the ones before it came to. */
export type Command = AsyncCommand<object, Walk, true>;

/** Takes a step where it is possible, and holds the project to everything that must hold after any step. */
export function commandOf(step: Step): Command {
  return {
    check: async () => true,
    async run(_, walk) {
      if (step.isPossible?.(walk) === false) return;
      walk.story.push(step.name);
      await step.take(walk);
      await check(walk);
    },
    toString: () => step.name,
  };
}
