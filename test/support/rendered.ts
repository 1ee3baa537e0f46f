import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;

/** The HTML that GitHub makes of markdown, before it takes out what it does not allow. */
export function htmlOf(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** What stands at the top of a rendered document. */
export function topOf(html: string): Node[] {
  return parseFragment(html).childNodes;
}

/** Every node of a rendered document, with the names of the elements around it, the outermost first. */
export function nodesOf(html: string): { node: Node; within: string[] }[] {
  const walk = (nodes: readonly Node[], within: string[]): { node: Node; within: string[] }[] =>
    nodes.flatMap((node) => [
      { node, within },
      ...('childNodes' in node ? walk(node.childNodes, [...within, node.nodeName]) : []),
    ]);
  return walk(topOf(html), []);
}

export function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

/** Everything that a reader sees of a node. */
export function textOf(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}
