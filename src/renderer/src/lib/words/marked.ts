import type { MarkState } from '../marked-text.ts'

/** A text with its marked passages. */
export const marked = {
  /** The name tag behind a passage. */
  tag: (kind: string, state: MarkState): string =>
    ({ true: kind, found: `found: ${kind}`, right: `${kind} ✓`, suggested: `${kind}?` })[state],
  legend: 'How passages are drawn',
  states: {
    true: 'marked in the data, not found',
    found: 'found, not so in the data',
    right: 'marked and found',
    suggested: 'suggested'
  } satisfies Readonly<Record<MarkState, string>>
}
