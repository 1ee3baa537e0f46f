import { printableLines } from '../../model/text.js';

/**
 * Foreign text as text of an HTML page, or as the value of a quoted attribute. Control characters and changes of writing
 * direction become visible; line breaks and tabs stay.
 */
export function escapeHtml(text: string): string {
  return printableLines(text)
    .join('\n')
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element; `content` is HTML already. */
export function htmlElement(name: string, kind: string, content: string): string {
  return `<${name} class="${kind}">${content}</${name}>`;
}

/** A folded section; both texts are HTML already. `key` tells it from its siblings, also when the page is made anew. */
export function foldedSection(kind: string, key: string, summary: string, content: string): string {
  return `<details class="${kind}" data-key="${escapeHtml(key)}"><summary>${summary}</summary>${content}</details>`;
}

/** A removed stretch, also for those who do not see its colour. */
export function removedText(text: string): string {
  return `<del>${aside('removed: ')}${escapeHtml(text)}</del>`;
}

/** An added stretch, also for those who do not see its colour. */
export function addedText(text: string): string {
  return `<ins>${aside('added: ')}${escapeHtml(text)}</ins>`;
}

// Read aloud, and not shown: the page's style has to hide this class from the eye only.
function aside(text: string): string {
  return `<span class="visually-hidden">${text}</span>`;
}
