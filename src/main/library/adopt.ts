import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelId } from '../../preload/contract/common.ts'
import { readCard } from '../base/model-card.ts'
import { writeCopied } from './copied-models.ts'
import { hashFiles, modelHash } from './hash-files.ts'
import type { ModelRecord } from './library.ts'

export interface AdoptOptions {
  /** Where copied models stay: the folder that is adopted lies directly in it. */
  readonly models: string
  readonly notes: string
  readonly name: string
  readonly signal: AbortSignal
  readonly onBytes?: (bytes: number) => void
}

export interface Adopted {
  readonly id: ModelId
  readonly home: string
  readonly record: ModelRecord
  /** Whether these very files were there already; then the folder was not moved. */
  readonly isKnown: boolean
}

/** Gives a model's folder its place among the copied models, and a note by which it is listed even where the record is lost. */
export async function adoptModel(aside: string, { models, notes, name, signal, onBytes }: AdoptOptions): Promise<Adopted> {
  const files = await hashFiles(aside, { signal, onBytes: onBytes ?? (() => undefined), copyTo: null })
  const hash = modelHash(files)
  const id = `m-${hash.slice(0, 20)}` as ModelId // Minted here.
  const home = join(models, id)
  const { text: card, tags } = await readCard(aside)
  const record: ModelRecord = { hash, place: 'copied', card, tags, checkedAt: new Date().toISOString(), files }
  const isKnown = await stat(home).then(
    (found) => found.isDirectory(),
    () => false
  )
  if (!isKnown) {
    await rename(aside, home)
    await writeCopied(notes, { id, name, record }).catch(async (error: unknown) => {
      await rm(home, { recursive: true, force: true })
      throw error
    })
  }
  return { id, home, record, isKnown }
}
