import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { BuiltPage, Look } from './built-page.ts'
import type { Scene } from './scenes.ts'

const fixtures = join(import.meta.dirname, '../fixtures/screens')

/** How a scene is looked at: the name of its picture is that of the scene and of this. */
export interface Variant {
  readonly name: string
  readonly look: Look
}

const large = { width: 1920, height: 1080 }
/** Half the window at twice the size is what 200 % zoom shows. */
const zoomed = { width: 683, height: 384, scale: 2 }

export const VARIANTS: readonly Variant[] = [
  { name: 'light', look: {} },
  { name: 'dark', look: { scheme: 'dark' } },
  { name: 'large-light', look: large },
  { name: 'large-dark', look: { ...large, scheme: 'dark' } },
  { name: 'zoom', look: zoomed },
  { name: 'pseudo', look: { preferences: { language: 'pseudo' } } }
]

/** Opens a scene in a variant and waits until it stands still. */
export async function show(built: BuiltPage, scene: Scene, { look }: Variant): Promise<Page> {
  const preferences = { ...scene.preferences, ...look.preferences }
  const page = await built.open(scene.hash, scene.options, { ...look, preferences })
  // What is pressed in a scene is named in English.
  if (look.preferences === undefined) await scene.act?.(page)
  await page.evaluate(standsStill(100))
  return page
}

/** Shows an open page in a variant that asks for nothing but other light and another size. */
export async function turnTo(page: Page, { look: { width = 1366, height = 768, scheme = 'light' } }: Variant): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, contrast: null, forcedColors: null })
  await page.setViewportSize({ width, height })
  // What answers questions has answered; only colours and places change.
  await page.evaluate(standsStill(30))
}

/**
 * Until nothing of the page has changed for `quiet` milliseconds and no movement is under way, or for a second at most: a page with live news
 * never rests. It is looked at in a frame, after what a frame brings, but not in each: every frame that is asked for is drawn.
 */
const standsStill = (quiet: number): string => `
  new Promise((done) => {
    const end = performance.now() + 1000
    let changed = performance.now()
    const watch = new MutationObserver(() => (changed = performance.now()))
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    const look = () => {
      const now = performance.now()
      const moves = document.getAnimations().some((each) => each.playState === 'running' && each.effect.getComputedTiming().endTime !== Infinity)
      if ((now - changed < ${quiet} || moves) && now < end) return setTimeout(() => requestAnimationFrame(look), ${quiet / 2})
      watch.disconnect()
      done(true)
    }
    look()
  })
`

export const picturePath = (scene: Scene, variant: Variant): string => join(fixtures, `${scene.name}-${variant.name}.webp`)
const treePath = (scene: Scene): string => join(fixtures, `${scene.name}.yml`)

/** The accessibility tree of the page, as a screen reader walks it. */
export const treeOf = async (page: Page): Promise<string> => `${await page.locator('body').ariaSnapshot()}\n`

export const keptTree = (scene: Scene): Promise<string | null> => readFile(treePath(scene), 'utf8').catch(() => null)
export const keptPicture = (scene: Scene, variant: Variant): Promise<Buffer | null> =>
  readFile(picturePath(scene, variant)).catch(() => null)

/** Accepts a tree as the one to compare with from now on. */
export async function keepTree(scene: Scene, tree: string): Promise<void> {
  await mkdir(fixtures, { recursive: true })
  await writeFile(treePath(scene), tree)
}

export async function keepPicture(scene: Scene, variant: Variant, picture: Buffer): Promise<void> {
  await mkdir(fixtures, { recursive: true })
  await writeFile(picturePath(scene, variant), picture)
}
