type Draw = () => void

/** Who waits to draw, in the order in which they asked. */
const waiting = new Set<Draw>()
let isAwaited = false

/**
 * A drawing that others stand beside: of all that ask in one go, one is drawn in each frame, so that no task of the page draws more than one. One that asks again
 * while it waits is drawn once. Nothing is drawn while nobody sees the page.
 */
export function inTurn(draw: Draw): { readonly ask: () => void; readonly leave: () => void } {
  return {
    ask: () => {
      waiting.add(draw)
      awaitFrame()
    },
    leave: () => void waiting.delete(draw)
  }
}

function awaitFrame(): void {
  if (isAwaited || waiting.size === 0) return
  isAwaited = true
  requestAnimationFrame(() => {
    isAwaited = false
    const [first] = waiting
    if (first === undefined) return
    waiting.delete(first)
    awaitFrame()
    first()
  })
}
