import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeFileAtomic } from '../base/files.ts'
import type { Mark } from '../base/mark.ts'
import { inCodePoints } from '../data/spans/span.ts'
import type { EntityInput } from '../engine/evaluation/index.ts'
import { passagesName, type StoredPassages } from '../report/passages.ts'
import type { PredictedPart } from '../report/predictions.ts'
import { groupNumbers } from './group-numbers.ts'
import type { DividedData } from './write-predictions.ts'

/** Keeps what was found in the documents of a part beside what is there, without their texts. Characters are counted as Python counts them. */
export async function writePassages(
  folder: string,
  part: PredictedPart,
  { dataset, split }: DividedData,
  rows: Int32Array,
  { types, truth, said }: EntityInput
): Promise<void> {
  const documents = Array.from(rows, (row, i) => {
    const text = dataset.texts[row] ?? ''
    const place = inCodePoints(text)
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const placed = <M extends Mark>(marks: readonly M[] = []): M[] => marks.map((mark) => place(mark))
    return { line: dataset.lines[row] ?? row, key, truth: placed(truth[i]), said: placed(said[i]) }
  })
  const numbers = groupNumbers(dataset, rows)
  const groups = numbers && [...numbers]
  const stored: StoredPassages = { format: 'attune-passages-1', part, types, splitHash: split.splitHash, groups, documents }
  await writeFileAtomic(join(folder, passagesName(part)), JSON.stringify(stored))
}
