/**
 * The offset in the stored text of a place in a drawn one, from the node and the offset in it that a selection or a click gives; null outside of the text.
 * A piece's element says where it begins (`data-at`), and holds that stretch of the text letter for letter; name tags count nothing.
 */
export function offsetAt(node: Node, offset: number): number | null {
  const element = node instanceof Element ? node : node.parentElement
  const piece = element?.closest<HTMLElement>('[data-at]')
  if (!piece) return null
  const start = Number(piece.dataset['at'])
  if (node instanceof Text) return start + offset
  return offset === 0 ? start : start + piece.textContent.length
}
