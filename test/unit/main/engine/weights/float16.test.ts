import { describe, expect, test } from 'vitest'
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16
} from '../../../../../src/main/engine/weights/float16.ts'
import { readReference } from './files.ts'

const allBits = Uint16Array.from({ length: 65536 }, (_, i) => i)
const { rounding } = readReference()
const values = new Float32Array(Uint32Array.from(rounding.float32).buffer)

/** The value of float16 bits by the definition: (−1)^s · 2^(e−15) · (1 + m/1024), subnormals 2^−14 · m/1024. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN
  return exponent === 0 ? (sign * mantissa) / 2 ** 24 : sign * 2 ** (exponent - 15) * (1 + mantissa / 1024)
}

describe('16-bit floats', () => {
  test('every float16 is read as its definition says', () => {
    expect([...float16ToFloat32(allBits)]).toEqual([...allBits].map(float16Value))
  })

  test('every bfloat16 is read as the float32 whose upper half it is', () => {
    const words = new Uint32Array(bfloat16ToFloat32(allBits).buffer)
    expect(words.every((word, i) => word === i * 65536)).toBe(true)
  })

  test('what was read is written back unchanged, NaN as NaN', () => {
    const isNaN16 = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0
    const isNaNBrain = (bits: number) => (bits & 0x7f80) === 0x7f80 && (bits & 0x7f) !== 0
    const half = float32ToFloat16(float16ToFloat32(allBits))
    const brain = float32ToBfloat16(bfloat16ToFloat32(allBits))
    expect([...allBits].filter((bits) => (isNaN16(bits) ? !isNaN16(half[bits] ?? 0) : half[bits] !== bits))).toEqual([])
    expect([...allBits].filter((bits) => (isNaNBrain(bits) ? !isNaNBrain(brain[bits] ?? 0) : brain[bits] !== bits))).toEqual([])
  })

  test('a NaN whose payload is only in the low bits does not become infinity', () => {
    const lowNaN = new Float32Array(Uint32Array.of(0x7f800001, 0xffffffff).buffer)
    expect([...bfloat16ToFloat32(float32ToBfloat16(lowNaN))]).toEqual([Number.NaN, Number.NaN])
  })

  test('float32 is rounded as PyTorch rounds it, ties, overflow and subnormals included', () => {
    expect([...float32ToBfloat16(values)]).toEqual(rounding.bfloat16)
    expect([...float32ToFloat16(values)]).toEqual(rounding.float16)
  })

  test('values are written into the middle of an array and leave the rest alone', () => {
    const out = new Float32Array(5).fill(7)
    float16ToFloat32(Uint16Array.of(0x3c00, 0xc000), out, 1)
    expect([...out]).toEqual([7, 1, -2, 7, 7])
    bfloat16ToFloat32(Uint16Array.of(0x3f80), out, 4)
    expect([...out]).toEqual([7, 1, -2, 7, 1])
  })
})
