import { LlmformError } from './llmform-error.js';

/**
 * Secrets could not be taken out of a text. Its message is all that may be shown then: it carries no cause, because the
 * error behind it may quote the text.
 */
export class MaskError extends LlmformError {
  override readonly name = 'MaskError';
  readonly code = 'internal';

  constructor() {
    super(MASK_FAILED);
    // The frames would name what was at work, and nothing beside the sentence is shown.
    this.stack = MASK_FAILED;
  }
}

export const MASK_FAILED =
  'llmform could not make sure that its output holds no secret, so it shows nothing: please report this as a bug';
