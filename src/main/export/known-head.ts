import type { ModelDefinition } from '../engine/training/model-definition.ts'

/** Why no class of transformers can hold a model's head, and what can; null where one can. */
export function unknownHead({ headOptions: head }: ModelDefinition): string | null {
  if (head === undefined || (head.pooling === 'default' && head.hidden_sizes.length === 0)) return null
  const own =
    head.hidden_sizes.length > 0
      ? 'Its head has hidden layers (head.hidden_sizes)'
      : `Its head reads ${head.pooling === 'mean' ? 'the mean over all words' : head.pooling === 'max' ? 'the largest values over all words' : 'the first token'} (head.pooling: ${head.pooling})`
  return `${own}, which no class of transformers does. Export it as ONNX, or train again with head.pooling: default.`
}
