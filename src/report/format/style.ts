import picocolors from 'picocolors';
import { type Detail, type Shown, uncut } from './detail.js';

/** The look of a text report. */
export interface TextOptions {
  color: boolean;
  /** Columns of the terminal; default 100. */
  width?: number;
  /** Default: `short`. */
  detail?: Detail;
}

/** The options of a text report, ready to use. Without colour every formatter returns its text as it is. */
export interface Style {
  paint: Paint;
  color: boolean;
  width: number;
  detail: Detail;
}

// Named one by one: users of this package's types do not have the types of picocolors.
type Paint = Record<
  'bold' | 'cyan' | 'dim' | 'green' | 'magenta' | 'red' | 'strikethrough' | 'yellow',
  (text: string) => string
>;

export function styleFor(options: TextOptions): Style {
  return {
    paint: picocolors.createColors(options.color),
    color: options.color,
    width: Math.max(40, options.width ?? 100),
    detail: options.detail ?? 'short',
  };
}

/** At most `width` characters; what is cut away leaves an ellipsis. Never splits a character in two. */
export function truncate(text: string, width: number): string {
  if (text.length <= width) return text;
  // A character takes two places at most.
  const characters = [...text.slice(0, 2 * width + 2)];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** As `truncate` where the detail is `short`, else the text as it is. */
export function fitText(text: string, width: number, detail: Detail): Shown<string> {
  if (detail !== 'short') return uncut(text);
  const shown = truncate(text, width);
  return { shown, cut: shown !== text };
}

/** Lines as one report: a newline at the end, or nothing at all. */
export function joinLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
