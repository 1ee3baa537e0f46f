/** Tells whether a URL's host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The host that is looked up for a URL, where the URL is written with letters that are not ASCII: `xn--…`. */
export function lookedUpHost(text: string): string | undefined {
  if (IS_PLAIN.test(text)) return undefined;
  // Parsers turn only hosts of the web into what is looked up.
  const web = `https://${text.trim().replace(/^[a-z][a-z0-9+.-]*:[/\\]{2}/i, '')}`;
  if (!URL.canParse(web)) return undefined;
  const { hostname } = new URL(web);
  return hostname.includes('xn--') && !text.toLowerCase().includes(hostname) ? hostname : undefined;
}

/** Visible ASCII without an escape or a part `xn--`: no parser finds another host in it. Most URLs need not be parsed. */
const IS_PLAIN = /^(?!.*xn--)[!-$&-~]*$/i;
