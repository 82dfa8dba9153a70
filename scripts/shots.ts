// `node scripts/shots.ts [FOLDER] [WORD]`: pictures of every screen in its states, light and dark, for people to look at.
// The page must be built before. WORD narrows the pictures to those whose name contains it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BuiltPage } from '../test/helpers/built-page.ts'
import { SCENES } from '../test/helpers/scenes.ts'

const [folder = join(import.meta.dirname, '../.cache/shots'), word = ''] = process.argv.slice(2)
const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 }
]
const wide = process.env['ATTUNE_SHOTS_WIDE'] === '1'

mkdirSync(folder, { recursive: true })
const built = await BuiltPage.start()
for (const scene of SCENES.filter(({ name }) => name.includes(word))) {
  for (const scheme of ['light', 'dark'] as const) {
    for (const size of wide ? SIZES : SIZES.slice(0, 1)) {
      const page = await built.open(scene.hash, scene.options, {
        ...size,
        scheme,
        ...(scene.preferences && { preferences: scene.preferences })
      })
      await scene.act?.(page)
      await page.waitForTimeout(450)
      await page.screenshot({ path: join(folder, `${scene.name}-${scheme}-${size.width}.png`) })
    }
  }
}
await built.stop()
for (const complaint of new Set(built.complaints)) process.stdout.write(`${complaint}\n`)
