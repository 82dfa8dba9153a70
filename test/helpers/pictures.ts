import type { Browser, Page } from 'playwright-core'

/** Pixels in the width of a kept picture: enough to see where a screen differs, in two or three kilobytes. */
const WIDTH = 240
/** A square of so many pixels of the kept picture is compared by its mean. */
const BLOCK = 8
/** Steps of 255 by which a square's mean may differ: another smoothing of letters does, a moved line does not. */
const STEP = 10
/** The share of squares that may differ by more. */
export const TOLERANCE = 0.01

export interface Compared {
  /** The share of squares that differ, from 0 to 1. */
  readonly difference: number
  /** A PNG with both pictures and, in red, the squares that differ. */
  readonly image: Buffer
}

/** Makes and compares small pictures of screens, by the browser's own canvas: no package for pictures is needed. */
export class Pictures {
  readonly #page: Page

  private constructor(page: Page) {
    this.#page = page
  }

  static async open(browser: Browser): Promise<Pictures> {
    const page = await browser.newPage()
    await page.addScriptTag({ content: SCRIPT })
    return new Pictures(page)
  }

  /** The small picture of a screenshot, as WebP. */
  async small(screenshot: Buffer): Promise<Buffer> {
    const url = await this.#page.evaluate<string>(`small(${JSON.stringify(urlOf(screenshot))}, ${WIDTH})`)
    return bytesOf(url)
  }

  /** A screenshot as WebP in its own size, for the guide. */
  async full(screenshot: Buffer): Promise<Buffer> {
    return bytesOf(await this.#page.evaluate<string>(`small(${JSON.stringify(urlOf(screenshot))}, 0)`))
  }

  async compare(screenshot: Buffer, kept: Buffer): Promise<Compared> {
    const words = [urlOf(screenshot), urlOf(kept), WIDTH, BLOCK, STEP].map((word) => JSON.stringify(word)).join(', ')
    const { difference, image } = await this.#page.evaluate<{ difference: number; image: string }>(`compare(${words})`)
    return { difference, image: bytesOf(image) }
  }
}

const urlOf = (bytes: Buffer): string =>
  `data:image/${bytes.subarray(0, 4).toString('latin1') === 'RIFF' ? 'webp' : 'png'};base64,${bytes.toString('base64')}`
const bytesOf = (url: string): Buffer => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')

/** Runs in a blank page. */
const SCRIPT = `
  async function drawn(url, width) {
    const image = new Image()
    image.src = url
    await image.decode()
    const scale = width === 0 ? 1 : width / image.naturalWidth
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.naturalWidth * scale)
    canvas.height = Math.round(image.naturalHeight * scale)
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(image, 0, 0, canvas.width, canvas.height)
    return { canvas, pen }
  }
  window.small = async (url, width) => (await drawn(url, width)).canvas.toDataURL('image/webp', width === 0 ? 0.9 : 0.85)
  window.compare = async (nowUrl, keptUrl, width, block, step) => {
    const now = await drawn(nowUrl, width)
    const kept = await drawn(keptUrl, width)
    const { width: w, height: h } = now.canvas
    const sheet = document.createElement('canvas')
    sheet.width = w * 2
    sheet.height = Math.max(h, kept.canvas.height)
    const pen = sheet.getContext('2d')
    pen.drawImage(kept.canvas, 0, 0)
    pen.drawImage(now.canvas, w, 0)
    if (h !== kept.canvas.height) return { difference: 1, image: sheet.toDataURL('image/png') }
    const mean = (of, x, y, channel) => {
      const { data } = of.pen.getImageData(x, y, block, block)
      let sum = 0
      for (let i = channel; i < data.length; i += 4) sum += data[i]
      return sum / (data.length / 4)
    }
    let differing = 0
    let squares = 0
    pen.strokeStyle = 'red'
    for (let y = 0; y + block <= h; y += block) {
      for (let x = 0; x + block <= w; x += block) {
        squares++
        if (![0, 1, 2].some((channel) => Math.abs(mean(now, x, y, channel) - mean(kept, x, y, channel)) > step)) continue
        differing++
        pen.strokeRect(w + x + 0.5, y + 0.5, block, block)
      }
    }
    return { difference: differing / squares, image: sheet.toDataURL('image/png') }
  }
`
