import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import type { RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { lazy } from '../../src/main/base/lazy.ts'

/** Where a server of pages may have axe, for `loadAxe`. */
export const AXE = '/axe.js'
export const axeSource = lazy(() => readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))

/** Loads axe from the page's own server: the browser compiles it once for all pages. */
export const loadAxe = (page: Page): Promise<unknown> => page.evaluate(`import('${AXE}').then(() => true)`)

/** What axe finds wrong with the page as it stands: rule, element, reason. `rules` narrows it to what can have changed. */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(`${await axeSource()}; undefined`)
  // Style sheets would be fetched anew for a rule about turned phones, which is off; sounds are looked for.
  const options: RunOptions = {
    resultTypes: ['violations'],
    preload: { assets: ['media'] },
    ...(rules && { runOnly: { type: 'rule', values: [...rules] } })
  }
  // What it found right is long, and nobody reads it. It would write down each element that it looks at: those that are wrong are enough.
  return page.evaluate<readonly string[]>(`
    axe.configure({ noHtml: true })
    axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => {
          const [place] = target
          return id + ': ' + (document.querySelector(place)?.outerHTML ?? place).slice(0, 160) + ' ' + (failureSummary ?? '')
        })
      )
    )
  `)
}

/** Text that its own box cuts off, other than by three dots or by a list that scrolls, and a page wider than its window. */
export const cutOff = (page: Page): Promise<readonly string[]> => page.evaluate(CUT_OFF)

/** Controls that forced colours leave without a border, a text or an icon to be seen by. */
export const unseen = (page: Page): Promise<readonly string[]> => page.evaluate(UNSEEN)

const CUT_OFF = `
  [...document.querySelectorAll('body *')].flatMap((element) => {
    const style = getComputedStyle(element)
    const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join(' ').trim()
    const isSeen = element.offsetParent !== null && !element.closest('.unseen') && style.visibility !== 'hidden' && style.clipPath === 'none'
    const isBox = element.matches('button, [role="tab"], h1, h2, .bar p, .chip, legend')
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
    const isCut = own !== '' && (hides || isBox) && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1
    return isSeen && isCut ? [own.slice(0, 60)] : []
  }).concat(document.documentElement.scrollWidth > innerWidth + 1 ? ['the page itself'] : [])
`

const UNSEEN = `
  [...document.querySelectorAll('button, a[href], input, select, textarea')]
    .filter((element) => element.offsetParent !== null && !element.closest('.unseen'))
    .filter((element) => {
      const { color, backgroundColor, borderTopWidth } = getComputedStyle(element)
      const isBlank = element.textContent.trim() === '' && !element.querySelector('svg') && !element.matches('input, select, textarea')
      return isBlank ? parseFloat(borderTopWidth) === 0 : color === backgroundColor
    })
    .map((element) => element.outerHTML.slice(0, 100))
`
