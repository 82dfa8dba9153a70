import { join } from 'node:path'
import { z } from 'zod'
import type { ImportedAdapter } from '../../preload/contract/adapters.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'

const NOTE = 'about.json'
const noteSchema = z.object({
  id: z.string().regex(/^a-[0-9a-f]{20}$/),
  name: z.string().min(1).max(500),
  model: z.object({ id: z.string(), name: z.string() }),
  rank: z.number(),
  layers: z.number(),
  classNames: z.array(z.string()),
  isMultiLabel: z.boolean(),
  answers: z.enum(['passages', 'questions']).optional(),
  licence: z.string().nullable(),
  bytes: z.number(),
  sha256: z.string(),
  addedAt: z.string(),
  made: z
    .object({
      tested: z.object({
        part: z.enum(['test', 'validation']),
        rows: z.number(),
        metrics: z.array(z.object({ id: z.string(), title: z.string(), value: z.number() }))
      }),
      signedBy: z.string(),
      madeWith: z.string()
    })
    .nullable()
    // Those that were imported before papers counted.
    .default(null)
})

export type Note = Omit<ImportedAdapter, 'problem'>

/** What is written down of an imported adapter in its own folder; null where nothing readable is. */
export async function readNote(folder: string): Promise<Note | null> {
  const text = await readFile(join(folder, NOTE), 'utf8').catch(() => null)
  if (text === null) return null
  const { data } = noteSchema.safeParse(parsed(text))
  return data ? (data as unknown as Note) : null // Ids that the library minted; they only travelled through the file.
}

export async function writeNote(folder: string, note: Note): Promise<void> {
  await writeJsonAtomic(join(folder, NOTE), note)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
