// Draws the application's icons from resources/icons/attune.svg, by the browser of the tests: node scripts/node24.mjs scripts/icons.ts
import chromium from '@sparticuz/chromium'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium as driver } from 'playwright-core'

const folder = join(import.meta.dirname, '..', 'resources', 'icons')

/** Sizes for Linux, for Windows' one file, and for Apple's, each with the name of its entry. */
const LINUX = [16, 32, 48, 64, 128, 256, 512] as const
const WINDOWS = [16, 24, 32, 48, 64, 128, 256] as const
const APPLE = { ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic09: 512 } as const

/** ICO: a header, an entry of 16 bytes for each picture, then the pictures as PNG. */
function ico(pictures: readonly { readonly size: number; readonly png: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length
  for (const [n, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * n
    // 256 is written as 0.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)])
}

/** ICNS: the whole length, then each picture as PNG after its type and its length. */
function icns(pictures: readonly { readonly type: string; readonly png: Buffer }[]): Buffer {
  const block = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32BE(8 + body.length, 4)
    return Buffer.concat([head, body])
  }
  return block('icns', Buffer.concat(pictures.map(({ type, png }) => block(type, png))))
}

const svg = await readFile(join(folder, 'attune.svg'), 'utf8')
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args: chromium.args })
const page = await browser.newPage()
const drawn = new Map<number, Buffer>()
async function draw(size: number): Promise<Buffer> {
  const known = drawn.get(size)
  if (known) return known
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`)
  const png = await page.screenshot({ omitBackground: true })
  drawn.set(size, png)
  return png
}

await mkdir(join(folder, 'linux'), { recursive: true })
for (const size of LINUX) await writeFile(join(folder, 'linux', `${size}x${size}.png`), await draw(size))
const windows: { size: number; png: Buffer }[] = []
for (const size of WINDOWS) windows.push({ size, png: await draw(size) })
await writeFile(join(folder, 'icon.ico'), ico(windows))
const apple: { type: string; png: Buffer }[] = []
for (const [type, size] of Object.entries(APPLE)) apple.push({ type, png: await draw(size) })
await writeFile(join(folder, 'icon.icns'), icns(apple))
await browser.close()
