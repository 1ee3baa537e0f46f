/** Runs in the page, from its own text: it may use nothing from outside itself. */
export function client(): void;
