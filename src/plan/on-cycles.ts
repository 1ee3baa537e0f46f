/**
 * The nodes that lie on a cycle, or on a way from one cycle to another.
 * @param needs the nodes that each one waits for; those that are no key of it wait for nothing
 */
export function onCycles<Node>(needs: ReadonlyMap<Node, readonly Node[]>): ReadonlySet<Node> {
  const backwards = new Map<Node, Node[]>();
  for (const [node, others] of needs) {
    for (const other of others) backwards.set(other, [...(backwards.get(other) ?? []), node]);
  }
  const ahead = withoutEnds(new Set(needs.keys()), needs, backwards);
  return withoutEnds(ahead, backwards, needs);
}

/** Takes away, one after the other, the nodes that lead to none of the rest. */
function withoutEnds<Node>(
  nodes: ReadonlySet<Node>,
  needs: ReadonlyMap<Node, readonly Node[]>,
  backwards: ReadonlyMap<Node, readonly Node[]>,
): Set<Node> {
  const rest = new Set(nodes);
  const open = new Map<Node, number>();
  for (const node of nodes)
    open.set(node, (needs.get(node) ?? []).filter((other) => nodes.has(other)).length);
  const ends = [...nodes].filter((node) => open.get(node) === 0);
  for (const node of ends) {
    rest.delete(node);
    for (const other of backwards.get(node) ?? []) {
      const left = (open.get(other) ?? 0) - 1;
      open.set(other, left);
      if (left === 0 && rest.has(other)) ends.push(other);
    }
  }
  return rest;
}
