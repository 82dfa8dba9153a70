import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { BuiltPage, Look } from './built-page.ts'
import { lazy } from '../../src/main/base/lazy.ts'
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

/** Until nothing of the page has changed for `quiet` milliseconds and no movement is under way, or for a second at most: a page with live news never rests. */
const standsStill = (quiet: number): string => `
  new Promise((done) => {
    const end = performance.now() + 1000
    let changed = performance.now()
    const watch = new MutationObserver(() => (changed = performance.now()))
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    const look = () => {
      const now = performance.now()
      const moves = document.getAnimations().some((each) => each.playState === 'running' && each.effect.getComputedTiming().endTime !== Infinity)
      if ((now - changed < ${quiet} || moves) && now < end) return setTimeout(look, 20)
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

const sealsPath = join(fixtures, 'seals.txt')

/**
 * The seal of a screenshot and a kept picture that were compared and found alike: one hash of both. Where a byte of either is another, the seal is
 * too, and they are compared anew.
 */
export const sealOf = (screenshot: Buffer, kept: Buffer): string =>
  createHash('sha256').update(screenshot).update(kept).digest('hex').slice(0, 32)

/** The kept seals by the names of their pictures. */
const readSeals = async (): Promise<ReadonlyMap<string, string>> => {
  const lines = (await readFile(sealsPath, 'utf8').catch(() => '')).split('\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
}
const keptSeals = lazy(readSeals)

/** Whether these very bytes were compared before and found alike. */
export const isSealed = async (scene: Scene, variant: Variant, screenshot: Buffer, kept: Buffer): Promise<boolean> =>
  (await keptSeals()).get(`${scene.name}-${variant.name}`) === sealOf(screenshot, kept)

/** Keeps these seals, by the names of their pictures, beside those that there are of these scenes. */
export async function keepSeals(found: ReadonlyMap<string, string>, scenes: readonly Scene[]): Promise<void> {
  const all = new Map([...(await readSeals()), ...found])
  const names = scenes.flatMap(({ name }) => VARIANTS.map((variant) => `${name}-${variant.name}`)).toSorted()
  const lines = names.flatMap((name) => (all.has(name) ? [`${name} ${all.get(name)}\n`] : []))
  await writeFile(sealsPath, lines.join(''))
}

/** Accepts a tree as the one to compare with from now on. */
export async function keepTree(scene: Scene, tree: string): Promise<void> {
  await mkdir(fixtures, { recursive: true })
  await writeFile(treePath(scene), tree)
}

export async function keepPicture(scene: Scene, variant: Variant, picture: Buffer): Promise<void> {
  await mkdir(fixtures, { recursive: true })
  await writeFile(picturePath(scene, variant), picture)
}
