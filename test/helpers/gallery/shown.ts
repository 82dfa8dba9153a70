import { FAILURES, type FailureCode, type Way } from '../../../src/renderer/src/lib/failures.ts'
import type { ShownFailure } from '../../renderer/gallery/shown-failure.ts'
import { writtenSentences } from '../sentences.ts'
import { EXAMPLES } from './examples.ts'

/** Every code of the catalogue with what stands on the screen: as the source has it, or an example of what it makes. */
export function shownFailures(): readonly ShownFailure[] {
  const written = new Map(
    writtenSentences()
      .toReversed()
      .map(({ code, text }) => [code, text])
  )
  // The keys of the catalogue are ways.
  return (Object.entries(FAILURES) as [Way, readonly FailureCode[]][]).flatMap(([way, codes]) =>
    codes.map((code) => ({ code, way, message: EXAMPLES[code] ?? written.get(code) ?? '' }))
  )
}

/** As many as fill a page of 1366 × 768 in two columns. */
const A_PAGE = 12

/** The failures by page: those with one way out stand together. */
export function galleryPages(): readonly (readonly ShownFailure[])[] {
  const all = shownFailures()
  return Array.from({ length: Math.ceil(all.length / A_PAGE) }, (_, page) => all.slice(page * A_PAGE, (page + 1) * A_PAGE))
}
