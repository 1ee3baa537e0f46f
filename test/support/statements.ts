/** A document of `kind: Ledger` for the project that `projectFile` writes. */
export function statements(body: string, project = 'shop'): string {
  return `apiVersion: llmform/v1\nkind: Ledger\nproject: ${project}\n${body}\n`;
}
