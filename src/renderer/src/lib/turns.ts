type Work = () => void

/** What waits, in the order in which it was asked for. */
const waiting = new Set<Work>()
let isAwaited = false

/**
 * Work that stands beside other work of its kind: of all that is asked for in one go, one piece is done in each frame, so that no task of the page does more than
 * one. What is asked for again while it waits is done once. Nothing is done while nobody sees the page.
 */
export function inTurn(work: Work): { readonly ask: () => void; readonly leave: () => void } {
  return {
    ask: () => {
      waiting.add(work)
      awaitFrame()
    },
    leave: () => void waiting.delete(work)
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
