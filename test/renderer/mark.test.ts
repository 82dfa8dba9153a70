import { describe, expect, test } from 'vitest'
import type { DatasetId } from '../../src/preload/contract/common.ts'
import { wordsIn } from '../../src/main/base/words-in.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { contested } from '../../src/renderer/src/screens/data/mark/agreement/agreement.svelte.ts'
import { pressed } from '../../src/renderer/src/screens/data/mark/keys.ts'
import { MarkState } from '../../src/renderer/src/screens/data/mark/mark.svelte.ts'
import {
  extendedByCharacter,
  extendedByWord,
  firstWord,
  lastWord,
  movedByCharacter,
  movedByWord,
  snapped,
  stretchOf,
  wordAt,
  type Selection,
  type WordedText
} from '../../src/renderer/src/screens/data/mark/selection.ts'
import { makeFakeBridge, type FakeOptions } from '../helpers/fake-bridge/index.ts'

const TEXT = 'Dear 😀 Élise,\r\n12 mg'
const LETTER: WordedText = { text: TEXT, words: wordsIn(TEXT).flatMap(({ start, end }) => [start, end]) }
const seen = (selection: Selection): string => {
  const { start, end } = stretchOf(selection)
  return LETTER.text.slice(start, end)
}

describe('the selection', () => {
  test('moves by words and stops at both ends', () => {
    let at = firstWord(LETTER)!
    const there = [seen(at)]
    for (let i = 0; i < 7; i++) there.push(seen((at = movedByWord(LETTER, at, 1))))
    expect(there).toEqual(['Dear', '😀', 'Élise', ',', '12', 'mg', 'mg', 'mg'])
    expect(seen(movedByWord(LETTER, lastWord(LETTER)!, -1))).toBe('12')
    expect(seen(movedByWord(LETTER, firstWord(LETTER)!, -1))).toBe('Dear')
  })

  test('grows and shrinks by words at the side that is moved', () => {
    let at: Selection = { anchor: 8, head: 13 }
    const go = (direction: 1 | -1): string => seen((at = extendedByWord(LETTER, at, direction)))
    expect([go(1), go(1), go(-1), go(-1)]).toEqual(['Élise,', 'Élise,\r\n12', 'Élise,', 'Élise'])
    expect([go(-1), go(-1), go(-1), go(1), go(1)]).toEqual(['😀 Élise', 'Dear 😀 Élise', 'Dear 😀 Élise', '😀 Élise', 'Élise'])
    expect(go(1)).toBe('Élise,')
  })

  test('goes by whole characters, however many units they have', () => {
    expect(seen(movedByCharacter(LETTER, { anchor: 4, head: 5 }, 1))).toBe('😀')
    expect(seen(movedByCharacter(LETTER, { anchor: 7, head: 8 }, -1))).toBe('😀')
    expect(seen(extendedByCharacter(LETTER, { anchor: 8, head: 13 }, -1))).toBe('Élis')
    expect(seen(extendedByCharacter(LETTER, { anchor: 8, head: 9 }, -1))).toBe('É')
    const combined = { text: 'e\u0301a', words: [0, 3] }
    expect(stretchOf(movedByCharacter(combined, { anchor: 2, head: 3 }, -1))).toEqual({ start: 0, end: 2 })
  })

  test('snaps to the words that it touches', () => {
    const part = (start: number, end: number): string => {
      const found = snapped(LETTER, { start, end })!
      return LETTER.text.slice(found.start, found.end)
    }
    expect([part(10, 12), part(2, 9), part(4, 5), part(14, 16), part(6, 6)]).toEqual(['Élise', 'Dear 😀 Élise', '😀', '12', '😀'])
    expect(wordAt(LETTER, 400)).toEqual({ start: 19, end: 21 })
    expect([snapped({ text: ' ', words: [] }, { start: 0, end: 1 }), firstWord({ text: '', words: [] })]).toEqual([null, null])
  })
})

async function opened(id: string, options: FakeOptions = {}) {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0, ...options }))
  const mark = new MarkState(api.marking, id as DatasetId, '')
  await mark.load()
  return mark
}

const key = (mark: MarkState, name: string, shift = false): boolean =>
  pressed(mark, { key: name, shift, alt: false, control: false })

describe('marking', () => {
  test('is undone and done again step by step, where it belongs', async () => {
    const mark = await opened('files')
    await mark.guide.setKind('name', null)
    await mark.mark('name')
    key(mark, 'ArrowRight')
    await mark.mark('name')
    await mark.finish()
    expect([mark.document.value?.position, mark.passages.length]).toEqual([2, 0])
    await mark.undo()
    expect([mark.document.value?.position, mark.passages.length, mark.canRedo]).toEqual([1, 1, true])
    await mark.undo()
    expect([mark.passages.length, mark.canUndo]).toEqual([0, false])
    await mark.redo()
    await mark.redo()
    expect(mark.passages.map(({ start, end }) => [start, end])).toEqual([
      [0, 5],
      [6, 9]
    ])
    expect(mark.book.value?.finished).toBe(1)
  })

  test('gives a selected mark another kind, takes it away, and walks marks until there are no more', async () => {
    const mark = await opened('own')
    expect(mark.passages).toHaveLength(3)
    expect(mark.chosen?.kind).toBe('name')
    await mark.mark('dose')
    expect(mark.passages[0]?.kind).toBe('dose')
    expect([key(mark, 'Tab'), key(mark, 'Tab'), key(mark, 'Tab')]).toEqual([true, true, false])
    expect(key(mark, 'Tab', true)).toBe(true)
    await mark.remove()
    expect(mark.passages).toHaveLength(2)
  })

  test('never takes a suggestion by itself; one is accepted, dropped, or all are', async () => {
    const mark = await opened('own')
    await mark.setSuggests(true)
    expect([mark.suggested.length, mark.passages.length]).toEqual([2, 3])
    await mark.accept()
    expect([mark.suggested.length, mark.passages.length, mark.chosenSuggestion?.kind]).toEqual([1, 4, 'drug'])
    await mark.remove()
    expect([mark.suggested.length, mark.passages.length]).toEqual([0, 4])
    await mark.go(1)
    await mark.suggestions.ask(mark.list.lines, mark.list.at)
    await mark.acceptAll()
    expect([mark.suggested.length, mark.passages.length]).toEqual([0, 2])
  })

  test('opening the document that is shown already does not undo what a key selected meanwhile', async () => {
    const mark = await opened('own')
    await mark.setSuggests(true)
    const again = mark.go(0)
    await mark.accept()
    await again
    expect(mark.chosenSuggestion?.kind).toBe('drug')
    await mark.remove()
    expect([mark.suggested.length, mark.passages.length]).toEqual([0, 4])
  })

  test('a mark that is written while the next document opens never brings the last one back', async () => {
    for (let turns = 0; turns < 24; turns++) {
      const mark = await opened('own')
      const marking = mark.mark('dose')
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await Promise.all([mark.go(1), marking])
      expect(mark.document.value?.line, `gone on after ${turns} turns`).toBe(mark.list.lines[1])
    }
  })

  test('stands still while one is not saved, and goes on after a refusal', async () => {
    const failing = { 'marking:change': 'The disk refused it.' }
    const failed = await opened('own', { failing })
    await failed.mark('dose')
    expect(failed.saving.failure?.message).toBe('The disk refused it.')
    await failed.finish()
    expect([failed.list.at, failed.canUndo]).toEqual([0, false])
    const refused = await opened('own', { failing, failingCode: 'mark-overlap' })
    await refused.mark('dose')
    expect([refused.saving.failure, refused.saving.refusal]).toEqual([null, 'The disk refused it.'])
    await refused.finish()
    expect(refused.book.value?.finished).toBe(3)
  })
})

test('what two people say of a text is listed once, in the order of the text', () => {
  const at = (start: number, kind: string) => ({ start, end: start + 2, kind })
  const settled = [at(0, 'A'), at(8, 'B')]
  expect(contested({ first: [at(0, 'A'), at(4, 'B')], second: [at(0, 'A'), at(2, 'B'), at(4, 'A')], settled })).toEqual([
    { ...at(0, 'A'), by: 'both' },
    { ...at(2, 'B'), by: 'second' },
    { ...at(4, 'B'), by: 'first' },
    { ...at(4, 'A'), by: 'second' },
    { ...at(8, 'B'), by: 'neither' }
  ])
})

test('a third person reads a document anew, sees nobody else’s marks, and what they mark settles it', async () => {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0 }))
  const mark = new MarkState(api.marking, 'own' as DatasetId, '')
  await mark.load()
  const [line = 0] = mark.list.lines
  const of = { first: '', second: 'Dr. Meyer', line }
  const before = (await api.marking.opinions({ id: mark.id, ...of })).first
  mark.reading.comparing = of
  expect(await mark.reading.begin('Eva', { ...of, line: 999_999 })).toBe(false)
  expect(await mark.reading.begin('Eva', of)).toBe(true)
  expect([mark.by, mark.document.value?.line, mark.passages, mark.reading.comparing]).toEqual(['Eva', line, [], null])
  await mark.mark('dose')
  await mark.go(1)
  expect(mark.reading.isShown).toBe(false)
  await mark.go(mark.list.placeOf(line))
  await mark.reading.take()
  const opinions = await api.marking.opinions({ id: mark.id, ...of })
  expect([opinions.settled?.map(({ kind }) => kind), opinions.first]).toEqual([['dose'], before])
  expect([mark.reading.of, mark.reading.comparing]).toEqual([null, { first: '', second: 'Dr. Meyer' }])
})
