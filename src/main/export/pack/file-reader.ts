import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'
import type { OpenFile } from '../../base/sealed/open-file.ts'

const CHUNK = 1 << 18

/** Bytes `from` to `to` of an open file, sealed or not. A file that is shorter ends early. */
export async function* chunksOf(file: OpenFile, from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = from; at < to;) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, to - at))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

/** What the zip library reads from. It closes nothing: whoever opened the file does. */
export class FileReader extends RandomAccessReader {
  readonly #file: OpenFile

  constructor(file: OpenFile) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(chunksOf(this.#file, start, end), { objectMode: false })
  }
}
