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
  /** Where more differ than may: a PNG with both pictures and, in red, the squares that differ. */
  readonly image: Buffer | null
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
    const words = [urlOf(screenshot), urlOf(kept), WIDTH, BLOCK, STEP, TOLERANCE].map((word) => JSON.stringify(word)).join(', ')
    const found = await this.#page.evaluate<{ difference: number; image: string | null }>(`compare(${words})`)
    return { difference: found.difference, image: found.image === null ? null : bytesOf(found.image) }
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
    return canvas
  }
  window.small = async (url, width) => (await drawn(url, width)).toDataURL('image/webp', width === 0 ? 0.9 : 0.85)
  window.compare = async (nowUrl, keptUrl, width, block, step, tolerance) => {
    const now = await drawn(nowUrl, width)
    const kept = await drawn(keptUrl, width)
    const { width: w, height: h } = now
    const [ofNow, ofKept] = [now, kept].map((canvas) => canvas.getContext('2d').getImageData(0, 0, w, canvas.height).data)
    const mean = (data, left, top, channel) => {
      let sum = 0
      for (let y = top; y < top + block; y++) for (let x = left; x < left + block; x++) sum += data[(y * w + x) * 4 + channel]
      return sum / (block * block)
    }
    const differing = []
    let squares = 0
    for (let y = 0; h === kept.height && y + block <= h; y += block) {
      for (let x = 0; x + block <= w; x += block) {
        squares++
        if ([0, 1, 2].some((channel) => Math.abs(mean(ofNow, x, y, channel) - mean(ofKept, x, y, channel)) > step)) differing.push([x, y])
      }
    }
    const difference = squares === 0 ? 1 : differing.length / squares
    if (difference <= tolerance) return { difference, image: null }
    const sheet = document.createElement('canvas')
    sheet.width = w * 2
    sheet.height = Math.max(h, kept.height)
    const pen = sheet.getContext('2d')
    pen.drawImage(kept, 0, 0)
    pen.drawImage(now, w, 0)
    pen.strokeStyle = 'red'
    for (const [x, y] of differing) pen.strokeRect(w + x + 0.5, y + 0.5, block, block)
    return { difference, image: sheet.toDataURL('image/png') }
  }
`
