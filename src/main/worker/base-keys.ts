import { createHash } from 'node:crypto'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import type { ModelFolder } from '../engine/training/model-folder.ts'
import { contentKey } from '../engine/weights/source-key.ts'

/** What a run was made from. With any other model beneath it, what the run learned means nothing. */
export interface BaseKeys {
  readonly weights: string
  readonly configuration: string
  readonly tokenizer: string
}

/** The keys of a model and its tokenizer, wherever they lie; what a run puts in place of the model's own settings is left out. */
export async function baseKeysOf({ checkpoint, architecture, json }: ModelFolder, tokenizer: Tokenizer): Promise<BaseKeys> {
  const config = JSON.stringify([architecture.id, architecture.readConfig(json, {})])
  return {
    weights: await contentKey(checkpoint),
    configuration: createHash('sha256').update(config).digest('hex'),
    tokenizer: tokenizer.contentHash
  }
}

const parts = { weights: 'weights', configuration: 'config.json', tokenizer: 'tokenizer' } as const

/** The first part in which two models differ, in words; null where they are the same. */
export function changedPart(a: BaseKeys, b: BaseKeys): string | null {
  const keys = Object.keys(parts) as (keyof typeof parts)[] // The keys of the object above.
  const changed = keys.find((key) => a[key] !== b[key])
  return changed === undefined ? null : parts[changed]
}
