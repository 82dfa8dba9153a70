import { describe, expect, test } from 'vitest'
import { heapFlagsOf, SMALL_HEAP } from '../../../../src/main/runs/heap-flags.ts'

const laying = (copy: string): readonly string[] => heapFlagsOf({ kind: 'lay-table', input: { folder: 'f', copy, read: {} } })

describe('the heap is bounded', () => {
  test.each(['rows.csv', 'rows.jsonl', 'rows.json', 'rows.parquet', 'rows.arrow'])('where %s is read', (copy) =>
    expect(laying(copy)).toBe(SMALL_HEAP)
  )

  test('and not where a workbook is unpacked whole, or where something is trained', () => {
    expect(laying('rows.xlsx')).toEqual([])
    expect(heapFlagsOf({ kind: 'train', configFile: 'run.yaml', resume: false })).toEqual([])
  })
})
