import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  evaluationInputOf,
  predictionsName,
  readPredictions,
  type StoredPredictions
} from '../../../../src/main/report/predictions.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-predictions-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const stored: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'test',
  kind: 'single-label',
  classNames: ['no', 'yes'],
  splitHash: 'ab',
  lines: [2, 5],
  keys: ['0011', '2233'],
  groups: null,
  truth: [0, 1],
  answers: [0.75, 0.25, 0.5, 0.5],
  thresholds: null
}

const put = (value: unknown): Promise<void> => writeFile(join(folder, predictionsName('test')), JSON.stringify(value))

describe('the stored answers of a run', () => {
  test('are read as they were written, ready to be judged', async () => {
    await put(stored)
    const read = await readPredictions(folder, 'test')
    expect(read).toEqual(stored)
    expect(evaluationInputOf(stored)).toEqual({
      kind: 'single-label',
      labels: Int32Array.of(0, 1),
      probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5),
      classNames: ['no', 'yes']
    })
    const scores = evaluationInputOf({ ...stored, kind: 'regression', classNames: [], truth: [1.5, 2], answers: [1, 2.5] })
    expect(scores).toEqual({ kind: 'regression', targets: Float64Array.of(1.5, 2), predictions: Float64Array.of(1, 2.5) })
  })

  test('are null where a run kept none', async () => {
    expect(await readPredictions(folder, 'validation')).toBeNull()
  })

  test.each([
    ['of another format', { ...stored, format: 'something' }],
    ['with a column too short', { ...stored, answers: [0.5] }],
    ['with a missing column', { ...stored, keys: undefined }]
  ])('are refused when they are %s', async (_why, value) => {
    await put(value)
    await expect(readPredictions(folder, 'test')).rejects.toThrow(/cannot be read/)
  })
})
