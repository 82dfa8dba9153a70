import { InputError } from '../base/errors.ts'
import type { HeadOptions } from '../engine/tasks/options.ts'
import type { ModelDefinition } from '../engine/training/model-definition.ts'

/** The key of config.json under which a pack keeps a head that only Attune knows. */
export const HEAD_KEY = 'attune_head'

type OwnHead = Pick<HeadOptions, 'pooling' | 'hidden_sizes'>

/** What a head that no class of transformers has consists of; null for the family's own head. */
export function ownHead({ headOptions: head }: Pick<ModelDefinition, 'headOptions'>): OwnHead | null {
  if (head === undefined || (head.pooling === 'default' && head.hidden_sizes.length === 0)) return null
  return { pooling: head.pooling, hidden_sizes: head.hidden_sizes }
}

const readings: Readonly<Record<string, string>> = {
  mean: 'the mean over all words',
  max: 'the largest values over all words',
  cls: 'the first token alone'
}

/** Why no class of transformers can hold a model's head, and what can; null where one can. */
export function unknownHead(definition: Pick<ModelDefinition, 'headOptions' | 'crf'>): string | null {
  if (definition.crf === true)
    return 'Its tags are read by a conditional random field (head.crf), which no class of transformers has. Export it as ONNX, with the transitions in a file beside it, or as an Attune pack, or train again with head.crf: false.'
  const head = ownHead(definition)
  if (head === null) return null
  const reading = readings[head.pooling]
  const own =
    reading === undefined
      ? 'Its head has hidden layers (head.hidden_sizes)'
      : `Its head reads ${reading} (head.pooling: ${head.pooling})`
  return `${own}, which no class of transformers does. Export it as ONNX or as an Attune pack, or train again with head.pooling: default.`
}

/** The head that a config.json of a pack names; undefined where it names none. @throws InputError for one that cannot be */
export function namedHead(json: Readonly<Record<string, unknown>>, file: string): HeadOptions | undefined {
  const named = json[HEAD_KEY]
  if (named === undefined) return undefined
  const { pooling, hidden_sizes: sizes } = typeof named === 'object' && named !== null ? (named as Record<string, unknown>) : {} // JSON has text keys.
  const isKnown = pooling === 'default' || (typeof pooling === 'string' && Object.hasOwn(readings, pooling))
  const isList =
    Array.isArray(sizes) && sizes.length <= 4 && sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 16_384)
  if (isKnown && isList) return { pooling, hidden_sizes: sizes, init: 'default' } as HeadOptions // Just looked at.
  throw new InputError(
    'export-incomplete',
    `config.json names a head under ${HEAD_KEY} that cannot be read. Export the run again.`,
    { file }
  )
}
