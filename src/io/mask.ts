/** Hides known secrets in text. */
export interface Mask {
  add(secret: string): void;
  mask(text: string): string;
}

const PLACEHOLDER = '(sensitive)';

/** Shorter secrets are not hidden: masking every `on` or `a1` would make text unreadable and hide nothing. */
const MIN_LENGTH = 4;

/** A mask that knows each secret also in base64, URL-encoded and as it stands within JSON. */
export function createMask(): Mask {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      if (secret.length < MIN_LENGTH) return;
      for (const form of formsOf(secret)) forms.add(form);
      pattern = undefined;
    },
    mask(text) {
      if (forms.size === 0) return text;
      pattern ??= matchAny(forms);
      return text.replace(pattern, PLACEHOLDER);
    },
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const url = encodeURIComponent(secret);
  return [
    secret,
    secret.trim(),
    // Without the padding, which the text may or may not have.
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    url,
    url.replaceAll('%20', '+'),
    url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
  ].filter((form) => form.length >= MIN_LENGTH);
}

/** Longest first: a secret that begins with another one is hidden whole. */
function matchAny(forms: ReadonlySet<string>): RegExp {
  const literals = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(literals.join('|'), 'g');
}
