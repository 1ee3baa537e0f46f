/** Hides known secrets in text. */
export interface Mask {
  add(secret: string): void;
  mask(text: string): string;
}

const PLACEHOLDER = '(sensitive)';

/** Shorter secrets are not hidden: masking every `on` or `a1` would make text unreadable and hide nothing. */
const MIN_LENGTH = 4;

/** A process that runs for months may meet a new short-lived token every few minutes: the oldest are forgotten. */
const MAX_SECRETS = 5_000;

/** A mask that knows each secret also in base64, URL-encoded and as it stands within JSON. */
export function createMask(): Mask {
  /** Those met last at the end. */
  const secrets = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      if (secret.length < MIN_LENGTH) return;
      if (!secrets.delete(secret)) pattern = undefined;
      secrets.add(secret);
      const [oldest = ''] = secrets;
      if (secrets.size > MAX_SECRETS) secrets.delete(oldest);
    },
    mask(text) {
      if (secrets.size === 0) return text;
      pattern ??= matchAny(new Set([...secrets].flatMap(formsOf)));
      return text.replace(pattern, (found, offset: number) =>
        isOwnMember(text, offset, found.length) ? found : PLACEHOLDER,
      );
    },
  };
}

/**
 * Whether a place lies in the name of a member of our own JSON documents. A dummy secret such as `name` or `create`
 * must not break them, and what we call our members is no secret.
 */
function isOwnMember(text: string, offset: number, length: number): boolean {
  const start = text.lastIndexOf('"', offset) + 1;
  const end = text.indexOf('"', offset + length);
  return end !== -1 && text[end + 1] === ':' && OWN_MEMBERS.has(text.slice(start, end));
}

const OWN_MEMBERS: ReadonlySet<string> = new Set(
  `action address adopt after applied before blocked body cause changes code column commit create delete detail
  diagnostics durationMs err error failed fields file fingerprint forcesReplacement formatVersion held httpStatus id kind
  last level line manifests message method msg name noop notPersisted options orphan outcomes path place planId project
  prune read reason reconcileId replace requests result sensitive severity skipped source stale status summary target targets
  trigger trustSecrets ts update valid vendor write`.split(/\s+/),
);

/** A secret in each of the encodings in which it turns up by accident. */
export function formsOf(secret: string): string[] {
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
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
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
