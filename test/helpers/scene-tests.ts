import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  isSealed,
  keepSeals,
  keptPicture,
  keptTree,
  picturePath,
  sealOf,
  show,
  treeOf,
  turnTo,
  VARIANTS,
  type Variant
} from './baselines.ts'
import { canBrowse, SHORT_LIVED } from './browser.ts'
import { BuiltPage } from './built-page.ts'
import { Pictures } from './pictures.ts'
import { SCENES, type Scene } from './scenes.ts'
import { cutOff, loadAxe, unseen, violations } from './seen.ts'

const differences = join(import.meta.dirname, '../../.cache/differences')
const variantOf = (name: string): Variant => {
  const found = VARIANTS.find((variant) => variant.name === name)
  if (!found) throw new Error(`There is no variant ${name}.`)
  return found
}
const [light, dark, zoom, pseudo] = ['light', 'dark', 'zoom', 'pseudo'].map(variantOf) as [Variant, Variant, Variant, Variant] // As many as names.

/** Whether pictures that are found alike are to be known by their bytes from now on: `ATTUNE_TEST_SEALS=keep npm test -- scenes`. */
const keepsSeals = process.env['ATTUNE_TEST_SEALS'] === 'keep'

/** What a scene opens with, before anything is pressed. */
const openingOf = ({ hash, options, preferences }: Scene): string => JSON.stringify([hash, options, preferences])

/** All scenes in two parts for two files, which go on at a time: those that open with the same page together, and those beside the program, which need a page of their own, in the first. */
export function halves(): readonly [readonly Scene[], readonly Scene[]] {
  const parts: [Scene[], Scene[]] = [[], []]
  const [gallery, program] = [
    SCENES.filter(({ hash }) => !hash.startsWith('#')),
    SCENES.filter(({ hash }) => hash.startsWith('#'))
  ]
  parts[0].push(...gallery)
  for (const scenes of Map.groupBy(program, openingOf).values()) {
    const [first, second] = parts
    const smaller = first.length <= second.length ? first : second
    smaller.push(...scenes)
  }
  return parts
}

/** What another scheme can break; the rest of a page is the same in all. */
export const COLOURS = ['color-contrast', 'link-in-text-block', 'aria-hidden-focus']

/** Tests these scenes. Each is opened twice: once in English, seen in every light and size, once in the language that is four tenths longer, unless the same opening was. */
export function testScenes(scenes: readonly Scene[]): void {
  describe.skipIf(!canBrowse)('each screen in each state', () => {
    let built: BuiltPage
    let pictures: Pictures
    const without: string[] = []
    /** Of pictures that were compared here and found alike. */
    const seals = new Map<string, string>()
    /** Openings that were looked at in the longer language: what is pressed in a scene is not pressed there, so that many begin with the same page. */
    const longer = new Set<string>()
    beforeAll(async () => {
      built = await BuiltPage.start({}, SHORT_LIVED)
      pictures = await Pictures.open(built.browser)
    })
    afterAll(async () => {
      await built.stop()
      if (without.length > 0)
        process.stderr.write(
          `SKIPPED: ${without.length} scenes have no baseline; "node scripts/shots.ts --update" makes it: ${without.join(', ')}\n`
        )
    })
    afterAll(async () => {
      if (keepsSeals) await keepSeals(seals, SCENES)
    })
    afterEach(() => {
      expect(built.complaints.splice(0)).toEqual([])
    })

    /** Compares with the kept picture, where one is kept. */
    async function looksAsKept(scene: Scene, variant: Variant): Promise<void> {
      const kept = await keptPicture(scene, variant)
      expect(kept, `${picturePath(scene, variant)} is missing`).not.toBeNull()
      const screenshot = await built.picture()
      if (await isSealed(scene, variant, screenshot, kept!)) return
      const { difference, image } = await pictures.compare(screenshot, kept!)
      if (image === null) return void seals.set(`${scene.name}-${variant.name}`, sealOf(screenshot, kept!))
      await mkdir(differences, { recursive: true })
      const file = join(differences, `${scene.name}-${variant.name}.png`)
      await writeFile(file, image)
      expect.fail(`${(100 * difference).toFixed(1)} % of the picture differ; left as it was, right as it is: ${file}`)
    }

    test.for(scenes)('$name', { timeout: 60_000 }, async (scene) => {
      const tree = await keptTree(scene)
      if (tree === null) without.push(scene.name)
      const page = await show(built, scene, light)
      if (tree !== null) {
        expect(await treeOf(page), 'the tree that a screen reader walks').toBe(tree)
        await looksAsKept(scene, light)
      }
      await loadAxe(page)
      expect(await violations(page), 'axe, light').toEqual([])
      await turnTo(page, dark)
      if (tree !== null) await looksAsKept(scene, dark)
      expect(await violations(page, COLOURS), 'axe, dark').toEqual([])
      await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' })
      // The page follows with a frame of its own: before that its colours are still those of normal contrast.
      await page.locator('html[data-contrast=more]').waitFor({ state: 'attached' })
      expect(await violations(page, COLOURS), 'axe, dark and high contrast').toEqual([])
      await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' })
      expect(await unseen(page), 'invisible in forced colours').toEqual([])
      await page.emulateMedia({ forcedColors: 'none' })
      await page.setViewportSize({ width: zoom.look.width!, height: zoom.look.height! })
      expect(await cutOff(page), 'cut off at 200 % zoom').toEqual([])
      const opening = openingOf(scene)
      if (longer.has(opening)) return
      longer.add(opening)
      expect(await cutOff(await show(built, scene, pseudo)), 'cut off in a longer language').toEqual([])
    })
  })
}
