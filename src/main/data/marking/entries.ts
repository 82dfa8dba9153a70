import { z } from 'zod'
import type { Overlap, Passage } from '../../../preload/contract/marking.ts'

/** What one person marked in one text. */
export interface Layer {
  /** In the order of the text; of two that start together the longer one first. */
  readonly passages: readonly Passage[]
  readonly finished: boolean
  readonly skipped: boolean
}

/** One thing that was done while marking. `by`: whose marks; '' for the data's own. */
export type MarkEntry =
  | { readonly do: 'way'; readonly way: 'sort' | 'mark' }
  | { readonly do: 'overlap'; readonly overlap: Overlap }
  | { readonly do: 'kind'; readonly name: string; readonly key: string | null }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  /** What versions before called otherwise: a run that was trained on them still does. */
  | { readonly do: 'former'; readonly from: string; readonly to: string }
  | { readonly do: 'note'; readonly kind: string | null; readonly text: string }
  | {
      readonly do: 'change'
      readonly by: string
      readonly line: number
      readonly remove: readonly Passage[]
      readonly add: readonly Passage[]
    }
  | { readonly do: 'finish'; readonly by: string; readonly line: number; readonly finished: boolean }
  | { readonly do: 'skip'; readonly by: string; readonly line: number; readonly skipped: boolean }
  /** All that a person marked in a text, as a version before had it. */
  | ({ readonly do: 'layer'; readonly by: string; readonly line: number } & Layer)
  /** What is right where people disagree. */
  | { readonly do: 'settle'; readonly line: number; readonly passages: readonly Passage[] }
  /** What stands before it is in a version. */
  | { readonly do: 'used' }

const passages = z.array(z.strictObject({ start: z.int(), end: z.int(), kind: z.string() }))
const row = { by: z.string(), line: z.int() }

export const markEntry: z.ZodType<MarkEntry> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('way'), way: z.enum(['sort', 'mark']) }),
  z.strictObject({ do: z.literal('overlap'), overlap: z.enum(['refused', 'nested']) }),
  z.strictObject({ do: z.literal('kind'), name: z.string(), key: z.string().nullable() }),
  z.strictObject({ do: z.literal('rename'), from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('former'), from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('note'), kind: z.string().nullable(), text: z.string() }),
  z.strictObject({ do: z.literal('change'), ...row, remove: passages, add: passages }),
  z.strictObject({ do: z.literal('finish'), ...row, finished: z.boolean() }),
  z.strictObject({ do: z.literal('skip'), ...row, skipped: z.boolean() }),
  z.strictObject({ do: z.literal('layer'), ...row, passages, finished: z.boolean(), skipped: z.boolean() }),
  z.strictObject({ do: z.literal('settle'), line: z.int(), passages }),
  z.strictObject({ do: z.literal('used') })
])
