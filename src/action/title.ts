import { code } from '../report/markdown.js';
import type { Inputs } from './inputs.js';

/** The heading of a post: which command, and of what where that is not everything. */
export function title(inputs: Inputs, words: string): string {
  const config = inputs.config === 'llmform.yaml' ? [] : [code(inputs.config)];
  return `### ${[`llmform ${words}`, ...config, ...inputs.targets.map(code)].join(' · ')}`;
}
