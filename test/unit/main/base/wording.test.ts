import { describe, expect, it } from 'vitest'
import { nearestName } from '../../../../src/main/base/nearest-name.ts'
import { counted, harmless, shown, shownList, sizeOf } from '../../../../src/main/base/wording.ts'

describe('words of a message', () => {
  it('never show more than 40 characters of a cell, nor cut one in half, nor anything that moves the cursor', () => {
    expect(shown('a'.repeat(40))).toBe(`'${'a'.repeat(40)}'`)
    expect(shown('😀'.repeat(41))).toBe(`'${'😀'.repeat(40)}…'`)
    expect(shown('\u001b[31mred\u202e\n')).toBe("'\ufffd[31mred\ufffd '")
    expect(harmless('a\r\nb\u2066c\ud800')).toBe('a b\ufffdc\ufffd')
  })

  it('count and list in plain English', () => {
    expect([counted(1, 'row'), counted(2, 'row'), counted(1_234_567, 'row')]).toEqual(['1 row', '2 rows', '1,234,567 rows'])
    expect(shownList(['a', 'b', 'c'], 2)).toBe("'a', 'b' and 1 more")
    expect([sizeOf(16 * 2 ** 20), sizeOf(2048), sizeOf(100)]).toEqual(['16 MiB', '2 KiB', '100 characters'])
  })

  it.each([
    ['labels', ['text', 'label'], 'label'],
    ['Patient ID', ['patient_id', 'patient'], 'patient_id'],
    ['txet', ['text', 'label'], 'text'],
    ['text', ['free_text', 'label'], 'free_text'],
    ['text', ['xyz'], null]
  ])('guess which name was meant by %j among %j: %j', (wanted, names, expected) => {
    expect(nearestName(wanted, names)).toBe(expected)
  })
})
