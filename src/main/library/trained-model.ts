import { stat } from 'node:fs/promises'
// eslint-disable-next-line no-restricted-imports -- What was exported is plain, as the computing library maps it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ModelId } from '../../preload/contract/common.ts'
import type { ModelAnswers } from '../../preload/contract/models.ts'

/** Whether an id is a model's: a run's has another prefix. */
export const isModelId = (id: string): id is ModelId => id.startsWith('m-')

/** What a model says of its training that was exported by Attune, here or elsewhere. */
export interface TrainedModelFacts {
  readonly answers: ModelAnswers
  /** Columns of the data that it was trained on. */
  readonly text: string
  readonly pair: string | null
  readonly label: string | null
  /** The sureness below which a person decides, where that was fixed. */
  readonly personBelow: number | null
  /** SHA-256 of its weights; of several files, of the first. */
  readonly weights: string
}

const MANIFEST = 'manifest.json'
const MOST_BYTES = 4_000_000

const toolsEntry = z.object({ kind: z.literal('tools'), format: z.literal('huggingface') })
const configEntry = z.object({
  kind: z.literal('config'),
  data: z.object({
    text: z.string().max(4096).nullish(),
    text_pair: z.string().max(4096).nullish(),
    label: z.string().max(4096).nullish()
  })
})
const readingEntry = z.object({
  kind: z.literal('reading'),
  problem: z.enum([
    ...['single_label_classification', 'multi_label_classification', 'regression'],
    ...['token-classification', 'question-answering']
  ] as const),
  class_names: z.array(z.string()).max(100_000),
  decision: z.object({ person: z.object({ below: z.number().min(0).max(1) }).nullish() }).nullish()
})
const fileEntry = z.object({ kind: z.literal('file'), name: z.string().regex(/\.safetensors$/), content: z.string() })
const manifestSchema = z.object({ entries: z.array(z.unknown()).max(100_000) })

/**
 * Reads what a model's folder says of its training; null for a model that Attune did not export whole. Chain, signature and files are checked when it
 * is asked, by the trainer.
 */
export async function readTrained(folder: string): Promise<TrainedModelFacts | null> {
  const { data: manifest } = manifestSchema.safeParse(await jsonIn(join(folder, MANIFEST)))
  if (!manifest) return null
  const find = <T>(schema: z.ZodType<T>): T | null => {
    for (const entry of manifest.entries) {
      const { data } = schema.safeParse(entry)
      if (data !== undefined) return data
    }
    return null
  }
  const [tools, config, reading] = [find(toolsEntry), find(configEntry), find(readingEntry)]
  if (!tools || !config || !reading) return null
  const { problem, class_names: labels, decision } = reading
  return {
    answers: { problem, labels, pairs: config.data.text_pair != null },
    text: config.data.text ?? '',
    pair: config.data.text_pair ?? null,
    label: config.data.label ?? null,
    personBelow: decision?.person?.below ?? null,
    weights: find(fileEntry)?.content ?? ''
  }
}

async function jsonIn(path: string): Promise<unknown> {
  try {
    const found = await stat(path)
    return found.isFile() && found.size <= MOST_BYTES ? JSON.parse(await readFile(path, 'utf8')) : null
  } catch {
    // Most models have no such file.
    return null
  }
}
