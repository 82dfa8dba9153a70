// `node scripts/shots.ts [FOLDER] [WORD] [--all] [--update] [--guide]`: pictures of every screen in its states, for people to look at.
// The page must be built before. WORD narrows the scenes to those whose name contains it.
//   --all     also 1920 × 1080, 200 % zoom and the language that is four tenths longer
//   --update  accepts what is seen as the baseline (test/fixtures/screens): the accessibility tree of each scene, and small pictures where they differ by more than the tests allow
//   --part=K/N  only each Nth scene from the Kth on (0/2 and 1/2, side by side)
//   --guide   writes the whole pictures, light and dark, into docs/guide/pictures
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { keepPicture, keepTree, keptPicture, show, treeOf, turnTo, VARIANTS, type Variant } from '../test/helpers/baselines.ts'
import { BuiltPage } from '../test/helpers/built-page.ts'
import { Pictures } from '../test/helpers/pictures.ts'
import { SCENES, type Scene } from '../test/helpers/scenes.ts'

const words = process.argv.slice(2)
const has = (flag: string): boolean => words.includes(flag)
const [part = 0, parts = 1] = (
  words
    .find((each) => /^--part=\d\/\d$/.test(each))
    ?.slice(7)
    .split('/') ?? []
).map(Number)
const [folder = join(import.meta.dirname, '../.cache/shots'), word = ''] = words.filter((each) => !each.startsWith('--'))
const guide = join(import.meta.dirname, '../docs/guide/pictures')

mkdirSync(folder, { recursive: true })
if (has('--guide')) mkdirSync(guide, { recursive: true })
const built = await BuiltPage.start()
const pictures = await Pictures.open(built.browser)
const variants = has('--all') || has('--update') ? VARIANTS : VARIANTS.slice(0, 2)
for (const [place, scene] of SCENES.entries()) {
  if (!scene.name.includes(word) || place % parts !== part) continue
  let page: Page | undefined
  for (const variant of variants) {
    // Opened once for all that is other light and size only.
    const isAnew = page === undefined || variant.look.scale !== undefined || variant.look.preferences !== undefined
    if (isAnew) page = await show(built, scene, variant)
    else await turnTo(page!, variant)
    if (has('--update') && variant.name === 'light') await keepTree(scene, await treeOf(page!))
    const screenshot = await page!.screenshot()
    writeFileSync(join(folder, `${scene.name}-${variant.name}.png`), screenshot)
    if (has('--update') && (await differs(scene, variant, screenshot)))
      await keepPicture(scene, variant, await pictures.small(screenshot))
    const isForGuide = has('--guide') && ['light', 'dark'].includes(variant.name)
    if (isForGuide) writeFileSync(join(guide, `${scene.name}-${variant.name}.webp`), await pictures.full(screenshot))
  }
}
await built.stop()
for (const complaint of new Set(built.complaints)) process.stdout.write(`${complaint}\n`)

/** Whether no picture is kept yet, or the one that is differs by more than the tests allow. */
async function differs(scene: Scene, variant: Variant, screenshot: Buffer): Promise<boolean> {
  const kept = await keptPicture(scene, variant)
  return kept === null || (await pictures.compare(screenshot, kept)).image !== null
}
