import { describe, expect, test } from 'vitest'
import { noteWindows } from '../../../../src/main/worker/note-windows.ts'
import { sequencesAtHand } from '../../../../src/main/engine/training/sequences.ts'
import type { Examples } from '../../../../src/main/engine/training/examples.ts'

const part = (rows: readonly number[], rowOf: readonly number[]): Examples => ({
  sequences: sequencesAtHand([]),
  rowOf: Int32Array.from(rowOf),
  share: new Float64Array(rowOf.length),
  lengths: new Int32Array(rowOf.length),
  rows: Int32Array.from(rows),
  truncatedRows: 0,
  truncatedTokens: 0
})

const said = (parts: readonly Examples[], truncation: 'head' | 'windows', isAsked = false): readonly string[] => {
  const notes: string[] = []
  noteWindows(parts, { truncation, maxLength: 64 }, isAsked, (_code, message) => notes.push(message))
  return notes
}

describe('texts longer than the model', () => {
  test('are counted with their windows, one that is repeated in training once', () => {
    const train = part([0, 1, 1], [0, 1, 1, 1, 1])
    const rest = part([2, 3], [2, 2, 2, 3])
    expect(said([train, rest], 'windows')).toEqual([
      '2 texts are longer than the 64 tokens that the model reads at once: read in 5 overlapping windows, 3 at most, so that nothing is cut off.'
    ])
  })

  test('are told by the questions about them', () => {
    expect(said([part([0, 1], [0, 0, 1])], 'windows', true)[0]).toMatch(/^1 question is about a text longer than the 64 tokens/)
  })

  test('are not spoken of where all fit, or where texts are cut', () => {
    expect(said([part([0, 1], [0, 1])], 'windows')).toEqual([])
    expect(said([part([0], [0, 0])], 'head')).toEqual([])
  })
})
