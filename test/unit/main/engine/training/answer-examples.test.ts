import { readFileSync } from 'node:fs'
import { arraysOf, allOf } from '../../../../helpers/lists.ts'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { utf16Offsets } from '../../../../../src/main/data/spans/span.ts'
import { TokenTableBuilder } from '../../../../../src/main/engine/text/token-table.ts'
import { createTokenizer, type Tokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import { buildAnswerExamples, placesOf, type AnswerExamples } from '../../../../../src/main/engine/training/answer-examples.ts'
import { offsetColumns, offsetRow } from '../../../../../src/main/engine/training/token-examples.ts'

interface Case {
  readonly question: string
  readonly context: string
  /** In code points. */
  readonly answer: readonly [number, number] | null
  readonly max_length: number
  readonly stride: number
  readonly windows: readonly {
    readonly ids: readonly number[]
    readonly types: readonly number[]
    readonly start: number
    readonly end: number
  }[]
}

// Written by scripts/reference/question_answering.py: prepare_train_features of transformers' examples.
const path = join(import.meta.dirname, '../../../../fixtures/questions/windows.json')
const fixture = JSON.parse(readFileSync(path, 'utf8')) as { tokenizer: Record<string, unknown>; cases: readonly Case[] } // Our own fixture.

let tokenizer: Tokenizer
beforeAll(async () => {
  const settings = { cls_token: '[CLS]', sep_token: '[SEP]', pad_token: '[PAD]', unk_token: '[UNK]' }
  tokenizer = await createTokenizer({ definition: fixture.tokenizer, settings, specialTokensMap: {}, file: 'tokenizer.json' })
})

async function built({ question, context, answer, max_length: maxLength, stride }: Case): Promise<AnswerExamples> {
  const [text] = await tokenizer.encode([context], null, { offsets: true })
  const [asked] = await tokenizer.encode([question])
  const documents = new TokenTableBuilder(offsetColumns)
  documents.addRow(...offsetRow(text?.a ?? new Int32Array(0), text?.offsetsA ?? new Int32Array(0)))
  const questions = new TokenTableBuilder(1)
  questions.addRow(asked?.a ?? new Int32Array(0))
  const units = utf16Offsets(context)
  const answers = answer ? [{ start: units[answer[0]] ?? 0, end: units[answer[1]] ?? 0 }] : []
  return buildAnswerExamples({
    tokenizer,
    documents: documents.finish(),
    questions: questions.finish(),
    documentOf: Int32Array.of(0),
    questionOf: Int32Array.of(0),
    texts: [context],
    rows: Int32Array.of(0),
    answers: [answers],
    settings: { maxLength, truncation: 'windows', windowStride: stride, headShare: 0.25 }
  })
}

describe('questions and their texts as sequences', () => {
  it('equal transformers in windows, token types and places of the answer', async () => {
    for (const one of fixture.cases) {
      const { sequences, answers, tagged, lengths } = await built(one)
      expect((await allOf(sequences)).map(({ ids, typeIds }) => ({ ids: [...ids], types: [...(typeIds ?? [])] }))).toEqual(
        one.windows.map(({ ids, types }) => ({ ids, types }))
      )
      expect([...answers.first]).toEqual(one.windows.map(({ start }) => start))
      expect([...answers.last]).toEqual(one.windows.map(({ end }) => end))
      expect([...lengths]).toEqual(one.windows.map(({ ids }) => ids.length))
      // Every token is asked once, in order.
      expect(arraysOf(tagged.units).flat()).toEqual(Array.from(tagged.tags, (_, i) => i))
      expect(arraysOf(tagged.places).flat()).toEqual(one.windows.flatMap(({ ids }) => [...ids.keys()]))
    }
    expect(fixture.cases.filter(({ windows }) => windows.length > 1).length).toBeGreaterThan(20)
  })

  it('cover the words of the answer wherever a window holds it', async () => {
    for (const one of fixture.cases.filter(({ answer }) => answer !== null)) {
      const { answers, tagged } = await built(one)
      const units = utf16Offsets(one.context)
      const [start = 0, end = 0] = (one.answer ?? []).map((point) => units[point] ?? 0)
      const trimmed = one.context.slice(start, end).trim()
      for (const [sequence, own] of arraysOf(tagged.units).entries()) {
        const last = answers.last[sequence] ?? 0
        if (last === 0) continue
        const [from, to] = [tagged.from[own[answers.first[sequence] ?? 0] ?? 0] ?? 0, tagged.to[own[last] ?? 0] ?? 0]
        expect(one.context.slice(from, to)).toContain(trimmed)
      }
    }
  })

  it('keep a long question to half of the room, and have no place for an answer that a window cuts', async () => {
    const question = Array.from({ length: 40 }, () => 'a').join(' ')
    const cut = await built({ question, context: 'b c d', answer: [0, 1], max_length: 20, stride: 0, windows: [] })
    expect(cut.lengths).toEqual(Int32Array.of(14))
    expect([cut.truncatedRows, cut.truncatedTokens]).toEqual([1, 32])
    expect(placesOf(Int32Array.of(-1, 0), Int32Array.of(-1, 3), { start: 2, end: 5 })).toBeNull()
    expect(placesOf(Int32Array.of(-1, -1), Int32Array.of(-1, -1), { start: 0, end: 1 })).toBeNull()
  })
})
