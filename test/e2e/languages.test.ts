import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'

describe.skipIf(!canBrowse)('a browser on a system without a locale', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start({ LANG: 'C', LC_ALL: 'C', LANGUAGE: '' })
  })
  afterAll(() => built.stop())

  test('shows the page and its charts, with numbers in British English', async () => {
    const page = await built.open('#/runs/r5', { filled: true, beat: 0 }, { locale: null })
    // What is tested, not what is wished for: Intl refuses the language that this browser has of itself.
    const language = await page.evaluate<string>(
      "Object.getOwnPropertyDescriptor(Navigator.prototype, 'language').get.call(navigator)"
    )
    expect(language).toBe('en-US@posix')
    expect(() => new Intl.NumberFormat(language)).toThrow(RangeError)
    await page.locator('.uplot canvas').first().waitFor()
    expect(await page.evaluate('navigator.language')).toBe('en-GB')
    expect(built.complaints).toEqual([])
  })
})
