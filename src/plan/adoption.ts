import type { Binding } from './match/match.js';

/**
 * Tells if writing a bound object takes it over. An object that only the ledger claims, without the mark that llmform
 * gave it, is taken over by the first write.
 * @param writes there is something to write
 */
export function isAdoption(binding: Binding, writes: boolean, { adopt }: { adopt: boolean }): boolean {
  return (
    binding.how === 'name' ||
    binding.foreign !== undefined ||
    (binding.how === 'id' && binding.recorded !== true) ||
    (binding.unmarked === true && (writes || adopt))
  );
}
