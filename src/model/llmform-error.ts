/**
 * The base of llmform's own errors. Each has a name, which a bundle cannot shorten, and a code to branch on. Any other thrown
 * value is a bug of llmform.
 */
export abstract class LlmformError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
}
