import { z } from 'zod'

/** One thing that was done while giving texts classes. */
export type LabelEntry =
  | { readonly do: 'mark'; readonly line: number; readonly value: string }
  | { readonly do: 'skip'; readonly line: number; readonly skipped: boolean }
  | { readonly do: 'class'; readonly name: string; readonly key: string | null }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }

export const labelEntry: z.ZodType<LabelEntry> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('mark'), line: z.int(), value: z.string() }),
  z.strictObject({ do: z.literal('skip'), line: z.int(), skipped: z.boolean() }),
  z.strictObject({ do: z.literal('class'), name: z.string(), key: z.string().nullable() }),
  z.strictObject({ do: z.literal('rename'), from: z.string(), to: z.string() })
])
