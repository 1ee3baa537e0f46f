import { inlineCode } from '../report/format/markdown.js';
import type { Inputs } from './inputs.js';

/** The heading of a post: which command, and of what where that is not everything. */
export function postTitle(inputs: Inputs, words: string): string {
  const config = inputs.config === 'llmform.yaml' ? [] : [inlineCode(inputs.config)];
  return `### ${[`llmform ${words}`, ...config, ...inputs.targets.map(inlineCode)].join(' · ')}`;
}
