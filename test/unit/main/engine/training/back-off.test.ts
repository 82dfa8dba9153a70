import { describe, expect, test } from 'vitest'
import { MemoryError, messageOf } from '../../../../../src/main/base/errors.ts'
import { runError } from '../../../../../src/main/engine/runtime/run-error.ts'
import { cutWindow, halfOf, withMicroBatch } from '../../../../../src/main/engine/training/back-off.ts'
import { initialState } from '../../../../../src/main/engine/training/loop-settings.ts'

const rows = (...sizes: number[]): Int32Array[] => {
  let row = 0
  return sizes.map((size) => Int32Array.from({ length: size }, () => row++))
}

describe('an allocation failure', () => {
  test.each([
    // bfc_arena.cc of ONNX Runtime, with and without a limit of the arena.
    '[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running MatMul node. bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 104857600',
    'bfc_arena.cc:408 Available memory of 1024 is smaller than requested bytes of 4096',
    'std::bad_alloc',
    'bad allocation',
    'CUDA failure 2: out of memory ; GPU=0',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'Array buffer allocation failed'
  ])('is known by what the library says: %s', (message) => {
    const error = runError('training_model', new Error(message))
    expect(error).toBeInstanceOf(MemoryError)
    expect(messageOf(error)).toBe(`The program "training_model" failed: ${message}`)
  })

  test('is not seen in other failures', () => {
    for (const message of ['Invalid rank for input: input_ids', 'CUDA failure 700: an illegal memory access was encountered'])
      expect(runError('training_model', new Error(message))).not.toBeInstanceOf(MemoryError)
  })
})

describe('smaller micro-batches', () => {
  test('are half of the largest of a window, down to a row', () => {
    expect([16, 7, 2, 1].map((size) => halfOf(rows(size, 1)))).toEqual([8, 4, 1, null])
  })

  test('hold the rows of the window, each once and in their order', () => {
    const window = rows(7, 2)
    const cut = cutWindow(window, 3)
    expect(cut.map(({ length }) => length)).toEqual([3, 3, 1, 2])
    expect(cut.flatMap((part) => [...part])).toEqual(window.flatMap((part) => [...part]))
    expect(cutWindow(window, null)).toBe(window)
  })
})

describe('a run that was cut before it began', () => {
  const state = initialState(1)

  test('begins and goes on so, and in fewer rows where memory ran out since', () => {
    expect(withMicroBatch(state, null)).toBe(state)
    expect(withMicroBatch(state, 8)).toEqual({ ...state, microBatch: 8 })
    expect(withMicroBatch({ ...state, microBatch: 4 }, 8)).toEqual({ ...state, microBatch: 4 })
  })
})
