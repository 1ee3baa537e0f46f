import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { Manifest, Source } from '../model/manifest.js';
import type { Statements } from '../model/statements.js';
import { createFollower } from '../plan/statements/follow-moves.js';
import type { Workspace } from './load-workspace.js';

/** The statements that a pull request adds, each as a warning: they decide which live object is meant, and what is let go. */
export function warnAboutStatements(base: Statements, head: Statements): Diagnostic[] {
  const known = new Set(saidBy(base).map(({ text }) => text));
  return saidBy(head)
    .filter(({ text }) => !known.has(text))
    .map(({ text, source }) => warning('ledger', `the Ledger document gains ${text}`, { ...source }));
}

function saidBy({ bind, moved, forget }: Statements): { text: string; source: Source }[] {
  return [
    ...bind.map(({ address, id, source }) => ({ text: `bind: ${address} to ${id}`, source })),
    ...moved.map(({ what, from, to, source }) => ({ text: `moved: ${what} ${from} to ${to}`, source })),
    ...forget.map(({ name, source }) => ({ text: `forget: ${name}`, source })),
  ];
}

/** Manifests of the base under the addresses that they have now, so that a rename compares with itself. */
export function followMoves(
  base: readonly Manifest[],
  { project, manifests, statements }: Pick<Workspace, 'project' | 'manifests' | 'statements'>,
): Manifest[] {
  const declared = new Set(manifests.map(({ address }) => address));
  const targets = new Set(project.targets.map(({ name }) => name));
  const follow = createFollower(statements.moved, { declared, targets });
  const kept = new Set(base.map(({ address }) => address).filter((address) => declared.has(address)));
  return base.map((manifest) => {
    const { address } = follow(manifest.address);
    // Where the base has this address already, the move was made there.
    return declared.has(address) && !kept.has(address) ? { ...manifest, address } : manifest;
  });
}
