import { stringifyExact } from '../../model/exact-json.js';
import type { PlannedRequest } from '../../model/plan.js';
import { printable } from '../../model/text.js';
import { concat, type Shown } from '../format/detail.js';
import { fitText, type Style } from '../format/style.js';

/** The requests of one change: a line each, in short cut to the width. */
export function requestLines(requests: readonly PlannedRequest[], style: Style): Shown<string[]> {
  const { width, detail, paint } = style;
  return concat(
    requests.map((request) => {
      const { shown, cut } = fitText(requestText(request), width - INDENT.length, detail);
      return { shown: [`${INDENT}${paint.dim(shown)}`], cut };
    }),
  );
}

const INDENT = '      ';

/** `PUT /v1/llms/7c0c… {"modelName":"gpt-5"}` on one line, safe to show. */
export function requestText({ method, path, body }: PlannedRequest): string {
  const json = body === undefined ? '' : ` ${stringifyExact(body)}`;
  return printable(`${method} ${path}${json}`);
}
