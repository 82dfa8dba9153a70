import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetReport } from '../../src/preload/contract/data.ts'
import type { Curves } from '../../src/preload/contract/runs.ts'
import { canBrowse } from '../helpers/browser.ts'
import { BuiltPage } from '../helpers/built-page.ts'

const still = { filled: true, beat: 0 }

/** What the page asks main for, asked by the test. */
function asked<T>(page: Page, channel: string, argument: string): Promise<T> {
  const call = `window.attune.call(${JSON.stringify(channel)}, ${argument}).then(({ value }) => value)`
  return page.evaluate<T>(call)
}

/** Saves a chart through its menu: the name of the file and its bytes. */
async function saved(page: Page, title: string, way: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await page.getByRole('button', { name: `Save ${title} ▾`, exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: way, exact: true }).click()
  ])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

const PICTURE = 'As a picture (PNG)'
const DRAWING = 'As a drawing (SVG)'
const NUMBERS = 'The numbers (CSV)'

/** Lines of a CSV file without quoted cells. */
const linesOf = (bytes: Buffer): string[][] =>
  bytes
    .toString()
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))

/** Width and height, which the first chunk of a PNG file holds; it must be one, and whole. */
function sizeOf(bytes: Buffer): readonly [number, number] {
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1A\n')
  expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

interface Parsed {
  readonly root: string
  readonly size: readonly (string | null)[]
  readonly texts: readonly string[]
  readonly paths: readonly string[]
  readonly images: number
}

/** An SVG file as the browser's own XML parser reads it; a file that it refuses has `parsererror` as its root. Not in the page, which may not parse. */
function parsed(paper: Page, bytes: Buffer): Promise<Parsed> {
  const look = `(() => {
    const { documentElement: root } = new DOMParser().parseFromString(${JSON.stringify(bytes.toString())}, 'image/svg+xml')
    return {
      root: root.nodeName,
      size: [root.getAttribute('width'), root.getAttribute('height')],
      texts: [...root.querySelectorAll('text')].map((text) => text.textContent),
      paths: [...root.querySelectorAll('path')].map((path) => path.getAttribute('d')),
      images: root.querySelectorAll('image').length
    }
  })()`
  return paper.evaluate<Parsed>(look)
}

describe.skipIf(!canBrowse)('a chart is saved', () => {
  let built: BuiltPage
  let paper: Page
  beforeAll(async () => {
    built = await BuiltPage.start()
    paper = await built.browser.newPage()
  })
  afterAll(() => built.stop())
  afterEach(() => expect(built.complaints.splice(0)).toEqual([]))

  test('curves of a run: the points as CSV, and drawn with axes as SVG and PNG', async () => {
    const page = await built.open('#/runs/r5', still)
    const { loss, evaluations } = await asked<Curves>(page, 'runs:curves', "'r5'")
    const csv = await saved(page, 'Loss', NUMBERS)
    expect(csv.name).toBe('loss.csv')
    const validation = new Map(evaluations.map(({ step, metrics }) => [step, metrics['loss']]))
    expect(linesOf(csv.bytes)).toEqual([
      ['step', 'training', 'validation'],
      ...loss.step.map((step, i) => [String(step), String(loss.value[i]), String(validation.get(step) ?? '')])
    ])

    const svg = await parsed(paper, (await saved(page, 'Loss', DRAWING)).bytes)
    expect(svg).toMatchObject({ root: 'svg', size: ['720', '360'], images: 0 })
    expect(svg.texts).toEqual(expect.arrayContaining(['Loss', 'step', '0', '1']))
    expect(svg.texts.filter((text) => /^(training|validation) 0\.\d+$/.test(text))).toHaveLength(2)
    expect(svg.paths.map((path) => path.split('L').length)).toEqual([loss.step.length, evaluations.length])

    expect(sizeOf((await saved(page, 'Loss', PICTURE)).bytes)).toEqual([1440, 720])
  })

  test('lengths and classes of data', async () => {
    const page = await built.open('#/data/letters', still)
    const { lengths, classes } = await asked<DatasetReport>(page, 'data:report', "'letters'")
    const csv = await saved(page, 'Length in words', NUMBERS)
    expect(linesOf(csv.bytes).slice(1)).toEqual(lengths.map(({ from, to, count }) => [from, to, count].map(String)))
    const names = await saved(page, 'Classes', NUMBERS)
    expect(linesOf(names.bytes).slice(1)).toEqual((classes ?? []).map(({ name, count }) => [name, String(count)]))
    const drawn = await parsed(paper, (await saved(page, 'Classes', DRAWING)).bytes)
    expect(drawn.texts).toEqual(expect.arrayContaining(['Classes', ...(classes ?? []).map(({ name }) => name)]))
    expect(sizeOf((await saved(page, 'Length in words', PICTURE)).bytes)).toEqual([1120, 624])
    await page.getByRole('button', { name: 'Table Length in words' }).click()
    await expect
      .poll(() => page.getByRole('table', { name: 'Length in words' }).getByRole('row').count())
      .toBe(lengths.length + 1)
    // The drawing is saved whichever of the two is seen.
    expect((await parsed(paper, (await saved(page, 'Length in words', DRAWING)).bytes)).root).toBe('svg')
  })

  test('what was taken for what, and a curve drawn on the page itself', async () => {
    const page = await built.open('#/runs/r3/confusion', still)
    const { texts } = await parsed(paper, (await saved(page, 'What was taken for what', DRAWING)).bytes)
    expect(texts).toEqual(expect.arrayContaining(['predicted', 'actual', 'emergency', '66', '·']))
    await page.getByRole('tab', { name: 'Calibration' }).click()
    const button = page.getByRole('button', { name: /^Save Check on the test/ })
    await button.click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: PICTURE, exact: true }).click()
    ])
    const [width, height] = sizeOf(await readFile(await download.path()))
    expect([width > 300, height > 300]).toEqual([true, true])
  })

  test('the curves of several runs in one drawing', async () => {
    const page = await built.open('#/runs/compare/r3%2Cbad/curves', still)
    const button = page.getByRole('button', { name: /^Save .*▾$/ }).first()
    await button.click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: DRAWING, exact: true }).click()
    ])
    const { root, paths, texts } = await parsed(paper, await readFile(await download.path()))
    expect([root, paths.length]).toEqual(['svg', 2])
    expect(texts.filter((text) => /^[AB] \d/.test(text))).toHaveLength(2)
  })
})

describe.skipIf(!canBrowse)('a chart of a run at work', () => {
  let built: BuiltPage
  beforeAll(async () => {
    built = await BuiltPage.start()
  })
  afterAll(() => built.stop())
  afterEach(() => expect(built.complaints.splice(0)).toEqual([]))

  /** Whether each canvas is the one that was kept before, in the order of the page. */
  const stand = (page: Page): Promise<readonly boolean[]> =>
    page.evaluate<boolean[]>(
      `[...document.querySelectorAll('.uplot canvas')].map((canvas, at) => canvas === window.canvases[at])`
    )

  test('is drawn on as points come, and built anew for other colours alone', async () => {
    const page = await built.open('#/runs/r5', { filled: true, beat: 50 })
    await page.locator('.uplot canvas').nth(2).waitFor()
    const drawn = (): Promise<string[]> =>
      page.evaluate<string[]>(`[...document.querySelectorAll('.uplot canvas')].map((canvas) => canvas.toDataURL())`)
    await page.evaluate(`window.canvases = [...document.querySelectorAll('.uplot canvas')]`)
    const before = await drawn()
    await expect.poll(async () => (await drawn()).filter((picture, at) => picture === before[at]), { timeout: 5000 }).toEqual([])
    expect(await stand(page)).toEqual([true, true, true])
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => stand(page)).toEqual([false, false, false])
  })
})
