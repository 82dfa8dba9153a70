import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { show, VARIANTS } from '../helpers/baselines.ts'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'
import { Pictures, TOLERANCE } from '../helpers/pictures.ts'
import { COLOURS, halves, testScenes } from '../helpers/scene-tests.ts'
import { SCENES } from '../helpers/scenes.ts'
import { cutOff, violations } from '../helpers/seen.ts'

// The other half is in scenes-even.test.ts, so that two go on at a time.
testScenes(halves()[1])

describe.skipIf(!canBrowse)('how screens are looked at', () => {
  const [light] = VARIANTS
  if (!light) throw new Error('A variant is missing.')
  let built: BuiltPage
  let pictures: Pictures
  beforeAll(async () => {
    built = await BuiltPage.start()
    pictures = await Pictures.open(built.browser)
  })
  afterAll(() => built.stop())

  test('what is wrong with a page is found', async () => {
    const page = await show(built, SCENES[0]!, light)
    await page.evaluate(`
      const faint = document.createElement('p')
      faint.textContent = 'hardly to be read'
      faint.style.color = '#eee'
      const narrow = document.createElement('button')
      narrow.textContent = 'cut off here'
      Object.assign(narrow.style, { width: '20px', overflow: 'hidden', whiteSpace: 'nowrap' })
      document.querySelector('main').append(faint, narrow)
    `)
    expect(await violations(page)).toEqual([expect.stringContaining('color-contrast')])
    expect(await violations(page, COLOURS)).toEqual([expect.stringContaining('color-contrast')])
    expect(await cutOff(page)).toEqual(['cut off here'])
  })

  test('a picture of another screen is told apart, and one of the same is not', async () => {
    const [first, second] = SCENES
    const one = await (await show(built, first!, light)).screenshot()
    const kept = await pictures.small(one)
    const again = await (await show(built, first!, light)).screenshot()
    expect((await pictures.compare(again, kept)).difference).toBeLessThanOrEqual(TOLERANCE)
    const other = await (await show(built, second!, light)).screenshot()
    const { difference, image } = await pictures.compare(other, kept)
    expect(difference).toBeGreaterThan(TOLERANCE)
    expect(image?.subarray(1, 4).toString()).toBe('PNG')
  })
})
