import { describe, expect, test } from 'vitest'
import { heapFlagsOf, SMALL_HEAP, SMALL_YOUNG } from '../../../../src/main/runs/heap-flags.ts'

const laying = (copy: string): readonly string[] => heapFlagsOf({ kind: 'lay-table', input: { folder: 'f', copy, read: {} } })

describe('the heap is bounded', () => {
  test.each(['rows.csv', 'rows.jsonl', 'rows.json', 'rows.parquet', 'rows.arrow'])('where %s is read', (copy) =>
    expect(laying(copy)).toBe(SMALL_HEAP)
  )

  test('and not where a workbook is unpacked whole, or where a run answers', () => {
    expect(laying('rows.xlsx')).toEqual([])
    expect(heapFlagsOf({ kind: 'evaluate', runFolder: 'run', dataFile: 'rows.csv' })).toEqual([])
  })

  test('for its young objects alone where something is trained, planned or tried', () => {
    const tasks = [{ kind: 'train', resume: false } as const, { kind: 'plan', probes: false } as const, { kind: 'probe' } as const]
    for (const task of tasks) expect(heapFlagsOf({ ...task, configFile: 'run.yaml' })).toBe(SMALL_YOUNG)
    expect(SMALL_YOUNG).toEqual(['--max-semi-space-size=4'])
  })
})
