/**
 * The base of llmform's own errors. Each has a name, which a bundle cannot shorten, and a code to branch on. Anything else that is
 * thrown is a mistake in llmform itself.
 */
export abstract class LlmformError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
}
