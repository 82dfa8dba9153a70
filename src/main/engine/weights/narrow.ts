import { join } from 'node:path'
import { open } from '../../base/sealed/fs.ts'
import type { TensorLocation } from './prepared.ts'

/**
 * Reads a float32 tensor from `folder` and rounds it to float16 or bfloat16 (to nearest, ties to even; beyond float16's range to infinity). Returns
 * the bits.
 */
export async function narrowWeight(
  folder: string,
  location: TensorLocation,
  type: 'float16' | 'bfloat16'
): Promise<Uint16Array<ArrayBuffer>> {
  const wide = await readFloats(folder, location)
  const bits = new Uint16Array(new ArrayBuffer(wide.length * 2))
  if (type === 'float16') new Float16Array(bits.buffer).set(wide)
  else roundToBfloat16(wide, bits)
  return bits
}

async function readFloats(folder: string, { location, offset, length }: TensorLocation): Promise<Float32Array<ArrayBuffer>> {
  const data = new ArrayBuffer(length)
  const file = await open(join(folder, location))
  try {
    for (let at = 0; at < length;) {
      const { bytesRead } = await file.read(new Uint8Array(data, at), 0, length - at, offset + at)
      if (bytesRead === 0) throw new Error(`${location} ends before byte ${offset + length}`)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
  return new Float32Array(data)
}

/** The upper half of each float32, rounded to nearest, ties to even; a NaN stays one. */
function roundToBfloat16(wide: Float32Array<ArrayBuffer>, narrow: Uint16Array): void {
  const bits = new Uint32Array(wide.buffer)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0
    const isNaN = (word & 0x7fffffff) > 0x7f800000
    narrow[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
}
