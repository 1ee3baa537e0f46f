/** Sent with every answer: what keeps browsers from doing more with it than was meant. */
export function securityHeaders({ forms }: { forms: boolean }): Readonly<Record<string, string>> {
  // With `no-referrer` browsers send `Origin: null` with our own forms, and nothing could tell them from a stranger's.
  return { ...GUARDS, 'referrer-policy': forms ? 'same-origin' : 'no-referrer' };
}

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
];

const GUARDS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY.join('; '),
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
