import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ModelId } from '../../preload/contract/common.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { ModelRecord } from './library.ts'

const schema = z.object({
  id: z.string().regex(/^m-[0-9a-f]{1,64}$/),
  name: z.string().min(1).max(500),
  record: z.object({
    hash: z.string().max(200),
    place: z.literal('copied'),
    card: z.string().nullable(),
    tags: z.array(z.string()),
    checkedAt: z.string(),
    files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() }))
  })
})

/** A model that Attune copied, as a note of its own says: enough to list it again where the record of the application is lost. */
export interface CopiedModel {
  readonly id: ModelId
  readonly name: string
  readonly record: ModelRecord
}

const noteOf = (notes: string, id: string): string => join(notes, `${id}.json`)

/** Writes down what is known of a copied model, away from its own files: those stay plain and as they were published, while its name is the person's. */
export async function writeCopied(notes: string, { id, name, record }: CopiedModel): Promise<void> {
  await mkdir(notes, { recursive: true, mode: 0o700 })
  await writeJsonAtomic(noteOf(notes, id), { id, name, record })
}

export async function removeCopied(notes: string, id: string): Promise<void> {
  await rm(noteOf(notes, id), { force: true })
}

/** Every copied model of which something readable is written down. */
export async function readCopied(notes: string): Promise<readonly CopiedModel[]> {
  const names = (await readdir(notes).catch((): string[] => [])).filter((name) => name.endsWith('.json')).sort()
  const found = await Promise.all(names.map((name) => readOne(join(notes, name))))
  return found.filter((each) => each !== null)
}

async function readOne(path: string): Promise<CopiedModel | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const { data } = schema.safeParse(parsed(text))
  return data ? { ...data, id: data.id as ModelId } : null // Minted by the library; it only travelled through the file.
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
