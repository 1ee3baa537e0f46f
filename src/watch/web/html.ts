import { escapeHtml } from '../../report/index.js';

/** Markup that is safe to send. Only `html` and `trusted` make it. */
export interface Html {
  readonly markup: string;
}

type Slot = Html | string | number | false | undefined | readonly Slot[];

/**
 * A template of markup. Everything put into it is escaped, so that no name and no vendor can add markup of its own;
 * other templates go in as they are, lists one after the other, `false` and `undefined` as nothing.
 */
export function html(literals: TemplateStringsArray, ...slots: readonly Slot[]): Html {
  return { markup: literals.map((literal, i) => (i === 0 ? '' : render(slots[i - 1])) + literal).join('') };
}

/** Markup made by others who escape. */
export function trustedHtml(markup: string): Html {
  return { markup };
}

function render(slot: Slot): string {
  if (slot === undefined || slot === false) return '';
  if (typeof slot === 'string' || typeof slot === 'number') return escapeHtml(String(slot));
  if (isList(slot)) return slot.map(render).join('');
  return slot.markup;
}

// Array.isArray does not know readonly arrays.
function isList(slot: Html | readonly Slot[]): slot is readonly Slot[] {
  return Array.isArray(slot);
}
