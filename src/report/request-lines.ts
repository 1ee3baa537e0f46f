import type { PlannedRequest } from '../model/plan.js';
import { printable } from './printable.js';
import { type Style, truncate } from './style.js';

/** What apply will send for one change: a line each, cut to the width unless everything is asked for. */
export function requestLines(requests: readonly PlannedRequest[], style: Style): string[] {
  return requests.map((request) => {
    const text = requestText(request);
    const line = style.verbose ? text : truncate(text, style.width - INDENT.length);
    return `${INDENT}${style.paint.dim(line)}`;
  });
}

const INDENT = '      ';

/** `PUT /v1/llms/7c0c… {"modelName":"gpt-5"}` on one line, safe to show. */
export function requestText({ method, path, body }: PlannedRequest): string {
  const json = body === undefined ? '' : ` ${JSON.stringify(body)}`;
  return printable(`${method} ${path}${json}`);
}
