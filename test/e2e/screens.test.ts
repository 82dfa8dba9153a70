import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { keptPicture, keptTree, picturePath, show, treeOf, VARIANTS } from '../helpers/baselines.ts'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { Pictures, TOLERANCE } from '../helpers/pictures.ts'
import { SCENES } from '../helpers/scenes.ts'

const differences = join(import.meta.dirname, '../../.cache/differences')
const [light, dark, , , zoom, pseudo] = VARIANTS
if (!light || !dark || !zoom || !pseudo) throw new Error('A variant is missing.')

/** Text that its own box cuts off, other than by three dots or by a list that scrolls. */
const CLIPPED = `
  [...document.querySelectorAll('body *')].flatMap((element) => {
    const style = getComputedStyle(element)
    const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join(' ').trim()
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
    const isSeen = element.offsetParent !== null && !element.closest('.unseen') && style.visibility !== 'hidden' && style.clipPath === 'none'
    const isCut = own !== '' && hides && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1
    return isSeen && isCut ? [own.slice(0, 60)] : []
  }).concat(document.documentElement.scrollWidth > innerWidth + 1 ? ['the page itself'] : [])
`

/** Controls that forced colours leave without a border, a text or an icon to be seen by. */
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

describe.skipIf(!canBrowse)('each screen in each state', () => {
  let built: BuiltPage
  let pictures: Pictures
  const without: string[] = []
  beforeAll(async () => {
    built = await BuiltPage.start()
    pictures = await Pictures.open(built.browser)
  })
  afterAll(async () => {
    await built.stop()
    if (without.length > 0)
      process.stderr.write(
        `SKIPPED: ${without.length} scenes have no baseline; "node scripts/shots.ts --update" makes it: ${without.join(', ')}\n`
      )
  })
  afterEach(() => void built.complaints.splice(0))

  test.for(SCENES)('$name: reads and looks as it did', { timeout: 60_000 }, async (scene, { skip }) => {
    const tree = await keptTree(scene)
    if (tree === null) {
      without.push(scene.name)
      return skip('no baseline is kept')
    }
    for (const variant of [light, dark]) {
      const page = await show(built, scene, variant)
      if (variant === light) expect(await treeOf(page)).toBe(tree)
      const kept = await keptPicture(scene, variant)
      expect(kept, `${picturePath(scene, variant)} is missing`).not.toBeNull()
      const { difference, image } = await pictures.compare(await page.screenshot(), kept!)
      if (difference <= TOLERANCE) continue
      await mkdir(differences, { recursive: true })
      const file = join(differences, `${scene.name}-${variant.name}.png`)
      await writeFile(file, image)
      expect.fail(`${(100 * difference).toFixed(1)} % of the picture differ; left as it was, right as it is: ${file}`)
    }
  })

  test.each(SCENES)(
    '$name: cuts off no text at 200 % zoom and in a longer language, and keeps its controls in forced colours',
    { timeout: 60_000 },
    async (scene) => {
      for (const variant of [zoom, pseudo]) {
        const page = await show(built, scene, variant)
        expect({ in: variant.name, cut: await page.evaluate(CLIPPED) }).toEqual({ in: variant.name, cut: [] })
        if (variant === zoom) continue
        await page.emulateMedia({ forcedColors: 'active' })
        expect(await page.evaluate(UNSEEN)).toEqual([])
      }
    }
  )

  test('a picture of another screen is told apart, and one of the same is not', async () => {
    const [first, second] = SCENES
    const one = await (await show(built, first!, light)).screenshot()
    const kept = await pictures.small(one)
    const again = await (await show(built, first!, light)).screenshot()
    expect((await pictures.compare(again, kept)).difference).toBeLessThanOrEqual(TOLERANCE)
    const other = await (await show(built, second!, light)).screenshot()
    const { difference, image } = await pictures.compare(other, kept)
    expect(difference).toBeGreaterThan(TOLERANCE)
    expect(image.subarray(1, 4).toString()).toBe('PNG')
  })
})
