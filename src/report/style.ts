import picocolors from 'picocolors';

/** How a text report is to look. */
export interface TextOptions {
  color: boolean;
  /** Columns of the terminal; 100 where nobody knows. */
  width?: number;
  /** Show requests and long values in full. */
  verbose?: boolean;
}

/** The options of a text report, ready to use. Without colour every formatter returns its text as it is. */
export interface Style {
  paint: Paint;
  color: boolean;
  width: number;
  verbose: boolean;
}

// Named one by one: the package's types are not there for whoever uses ours.
type Paint = Record<
  'bold' | 'cyan' | 'dim' | 'green' | 'magenta' | 'red' | 'strikethrough' | 'yellow',
  (text: string) => string
>;

export function styleFor(options: TextOptions): Style {
  return {
    paint: picocolors.createColors(options.color),
    color: options.color,
    width: Math.max(40, options.width ?? 100),
    verbose: options.verbose ?? false,
  };
}

/** At most `width` characters; what is cut away leaves an ellipsis. Never splits a character in two. */
export function truncate(text: string, width: number): string {
  if (text.length <= width) return text;
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Lines as one report: a newline at the end, or nothing at all. */
export function joinLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
