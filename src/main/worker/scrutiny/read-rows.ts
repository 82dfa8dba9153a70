import { hash } from 'node:crypto'
import { numberOf } from '../../data/label-order.ts'
import { normalised } from '../../data/duplicates.ts'
import { allRows } from '../../data/datasets/rows-file.ts'
import type { ReadRow, ScrutinyInput } from './scrutiny-types.ts'

/** Numbers of classes by their names, in the order in which they are met. */
export class ClassNumbers {
  readonly #numbers = new Map<string, number>()

  get names(): readonly string[] {
    return [...this.#numbers.keys()]
  }

  of(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#numbers.size)
    return this.#numbers.size - 1
  }
}

/** 48 bits that two texts share only where they are the same to a reader. */
export const numberOfText = (text: string): number => hash('sha256', text, 'buffer').readUIntBE(0, 6)

/** Rows with a text and an answer, in order. */
export async function* readRows(
  { rowsPath, columns, roles }: ScrutinyInput,
  classes: ClassNumbers,
  onRow: (done: number) => void = () => undefined
): AsyncGenerator<ReadRow, void, undefined> {
  const placeOf = (name: string | null): number => (name === null ? -1 : columns.indexOf(name))
  const [text, pair, answer] = [placeOf(roles.text), placeOf(roles.textPair), placeOf(roles.answer)]
  const group = roles.belonging === 'column' ? placeOf(roles.group) : -1
  let index = -1
  for await (const { line, cells } of allRows(rowsPath)) {
    onRow(++index)
    const [read, second, said] = [cells[text] ?? '', cells[pair] ?? '', (cells[answer] ?? '').trim().normalize('NFC')]
    if (read.trim() === '' || said === '') continue
    const score = numberOf(said)
    if (roles.task === 'regression' && score === null) continue
    const names = roles.task === 'text-classification' ? namesIn(said, roles.separator) : []
    const own = (cells[group] ?? '').trim()
    const unit = numberOfText(own === '' ? `${normalised(read)}\n${normalised(second)}` : `group ${own}`)
    const labels = names.map((name) => classes.of(name))
    yield { index, line, text: read, pair: second, said, labels, score: score ?? 0, unit, cells }
  }
}

function namesIn(said: string, separator: string | null): readonly string[] {
  if (separator === null) return [said]
  return [...new Set(said.split(separator).map((part) => part.trim()))].filter((part) => part !== '')
}
