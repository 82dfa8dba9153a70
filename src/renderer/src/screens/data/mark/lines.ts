import { offsetAt } from '../../../lib/text-offset.ts'

/**
 * The place in the stored text that stands a line above or below what is selected in `page`, as the browser laid it out; null where there is none.
 * Chromium has `caretPositionFromPoint` since version 128.
 */
export function placeInNextLine(page: HTMLElement, direction: 1 | -1): number | null {
  const here = page.querySelector('.selected')?.getBoundingClientRect()
  if (!here) return null
  const step = parseFloat(getComputedStyle(page.querySelector('.selected') ?? page).lineHeight)
  const y = direction > 0 ? here.bottom + step / 2 : here.top - step / 2
  const found = document.caretPositionFromPoint(here.left + 1, y)
  return found ? offsetAt(found.offsetNode, found.offset) : null
}
