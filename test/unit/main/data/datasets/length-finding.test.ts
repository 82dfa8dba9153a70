import { expect, test } from 'vitest'
import { lengthFinding, type MeasuredLengths, type ReadAtOnce } from '../../../../../src/main/data/datasets/length-finding.ts'

const model: ReadAtOnce = { name: 'Practice model', maxLength: 256, truncation: 'head', stride: 64, headShare: 0.25 }
const found: MeasuredLengths = { looked: 1000, longer: 128, tokens: 200_000, cut: 18_000, windows: 300, isSample: false }
const estimate = { tokensAWord: 1.4, usualLength: 512 }
const told = { rows: 1000, what: 'text', model, estimate } as const

test('says what becomes of long texts, as they would be read', () => {
  const sentence = (truncation: ReadAtOnce['truncation']): string | undefined =>
    lengthFinding(found, { ...told, model: { ...model, truncation } })?.sentence
  const longer = '128 texts are longer (13 %) than the 256 tokens that Practice model reads at once: '
  expect(sentence('head')).toBe(`${longer}what stands behind is cut off, 9 % of everything that is written.`)
  expect(sentence('head_tail')).toBe(`${longer}their middle is cut out, 9 % of everything that is written.`)
  expect(sentence('windows')).toBe(`${longer}they are read in 300 overlapping windows, so that nothing is cut off.`)
})

test('says of how many rows it speaks where not all were looked at', () => {
  const finding = lengthFinding({ ...found, looked: 10_000, isSample: true }, { ...told, rows: 1_000_000, what: 'question' })
  expect(finding?.sentence).toMatch(
    /^Of 10,000 questions with their texts looked at, spread over 1,000,000 rows, 128 questions with their texts are longer \(1 %\)/
  )
  expect([finding?.rows, finding?.weight]).toEqual([0, 'look'])
})

test('is silent where nothing is longer, and says that it estimates where no model is there', () => {
  expect(lengthFinding({ ...found, longer: 0 }, told)).toBeNull()
  const one = lengthFinding({ ...found, longer: 1 }, { ...told, model: null })
  expect(one?.sentence).toMatch(
    /^1 text is longer \(less than 1 %\) than the 512 tokens that most models read at once\. This is an estimate/
  )
})
