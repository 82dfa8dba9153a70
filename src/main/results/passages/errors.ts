import type { PassageErrorKind, PassageFilter, PassageVerdict } from '../../../preload/contract/passages.ts'
import type { Mark } from '../../base/mark.ts'
import { markErrors, type FoundMark } from '../../engine/evaluation/index.ts'
import type { StoredPassages } from '../../report/passages.ts'

/** An error in the test, places in code points as they are stored. */
export interface StoredError {
  readonly key: string
  readonly line: number
  readonly error: PassageErrorKind
  readonly truth: Mark | null
  readonly said: FoundMark | null
}

const nameOf = (mark: Mark | null): string => (mark ? `${mark.start}-${mark.end}-${mark.label}` : '')

/** Every error of the test, the surest first, then what was missed in the order of the file. */
export function errorsOf({ documents }: StoredPassages): readonly StoredError[] {
  const sureness = ({ said }: StoredError): number => said?.confidence ?? 0
  return documents
    .flatMap(({ line, truth, said }) =>
      markErrors(truth, said).map(({ kind, ...error }): StoredError => ({
        key: `${line}|${nameOf(error.truth)}|${nameOf(error.said)}`,
        line,
        error: kind,
        ...error
      }))
    )
    .sort((a, b) => sureness(b) - sureness(a) || a.line - b.line || placeOf(a) - placeOf(b))
}

const placeOf = ({ truth, said }: StoredError): number => (truth ?? said)?.start ?? 0

/** Those errors that a filter lets through, in their order. */
export function filteredErrors(
  errors: readonly StoredError[],
  { only, truth, said }: Omit<PassageFilter, 'id'>,
  verdicts: ReadonlyMap<string, PassageVerdict>
): readonly StoredError[] {
  return errors.filter(
    (each) =>
      (only === 'all' || (only === 'judged' ? verdicts.has(each.key) : each.error === only)) &&
      (truth === null || each.truth?.label === truth) &&
      (said === null || each.said?.label === said)
  )
}

/** How many passages of each kind were found as which kind, whatever their borders; the last row and column are nothing. */
export function confusionOf({ types, documents }: StoredPassages): readonly (readonly number[])[] {
  const placeOfType = new Map(types.map((type, place) => [type, place]))
  const nothing = types.length
  const place = (mark: Mark | null): number => (mark ? (placeOfType.get(mark.label) ?? nothing) : nothing)
  const counts = Array.from({ length: nothing + 1 }, () => new Array<number>(nothing + 1).fill(0))
  const add = (truth: Mark | null, said: Mark | null): void => {
    const line = counts[place(truth)]
    if (line) line[place(said)] = (line[place(said)] ?? 0) + 1
  }
  for (const { truth, said } of documents) {
    const errors = markErrors(truth, said)
    const wrong = new Set(errors.map((error) => error.said))
    for (const mark of said) if (!wrong.has(mark)) add(mark, mark)
    for (const error of errors) add(error.truth, error.said)
  }
  return counts
}
