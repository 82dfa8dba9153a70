import { z } from 'zod'

/** One thing that was done while giving texts classes. `by`: whose label it is; the data's own where left out. */
export type LabelEntry =
  | { readonly do: 'mark'; readonly line: number; readonly value: string; readonly by?: string | undefined }
  | { readonly do: 'skip'; readonly line: number; readonly skipped: boolean; readonly by?: string | undefined }
  | { readonly do: 'class'; readonly name: string; readonly key: string | null }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  /** What is right where people disagree. */
  | { readonly do: 'settle'; readonly line: number; readonly value: string }

const by = z.string().optional()

export const labelEntry: z.ZodType<LabelEntry> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('mark'), line: z.int(), value: z.string(), by }),
  z.strictObject({ do: z.literal('skip'), line: z.int(), skipped: z.boolean(), by }),
  z.strictObject({ do: z.literal('class'), name: z.string(), key: z.string().nullable() }),
  z.strictObject({ do: z.literal('rename'), from: z.string(), to: z.string() }),
  z.strictObject({ do: z.literal('settle'), line: z.int(), value: z.string() })
])
