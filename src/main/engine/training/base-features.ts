import type { Runtime } from '../runtime/port.ts'
import type { CollateSettings } from './batches.ts'
import type { Examples } from './examples.ts'
import type { WeightSource } from './feeding.ts'
import type { OnSmaller } from './in-parts.ts'
import { selectParameters, type ModelDefinition } from './model-definition.ts'
import { PrefixCache, type Computing, type SparedWork } from './prefix.ts'

export interface BaseFeatureOptions {
  readonly folder: string
  readonly modelKey: string
  readonly collate: CollateSettings
  readonly signal: AbortSignal
  /** Told what the cache of these vectors spared. */
  readonly onSpared?: (work: SparedWork) => void
  /** Told when memory did not suffice for a whole batch. */
  readonly onSmaller?: OnSmaller
}

/**
 * The untouched base model's vector for each row, [rows, width]: what its classification head would read (the first token's last hidden
 * state). Rows cut into windows are represented by their first.
 */
export async function baseFeatures(
  runtime: Runtime,
  definition: ModelDefinition,
  weights: WeightSource,
  examples: Examples,
  options: BaseFeatureOptions
): Promise<Float32Array> {
  const untouched = untouchedOf(definition)
  const cache = await PrefixCache.open(runtime, untouched, selectParameters(untouched), weights, examples, {
    ...options,
    boundary,
    width: definition.config.width,
    onProgress: () => undefined
  })
  try {
    const firsts = firstSequences(examples)
    const { 'prefix/pooled': pooled } = await cache.input(firsts, examples.lengths, 1)
    options.onSpared?.(cache.spared)
    return pooled?.data as Float32Array // The cache holds float32.
  } finally {
    await cache.close()
  }
}

/** Bytes that the base model's vectors of these examples will yet take on disk. */
export function missingFeatures(
  definition: ModelDefinition,
  parts: readonly Examples[],
  place: Pick<BaseFeatureOptions, 'folder' | 'modelKey'>,
  computing: Computing
): Promise<number> {
  const untouched = untouchedOf(definition)
  const { width } = definition.config
  return PrefixCache.missing(parts, { ...place, boundary, width }, untouched, selectParameters(untouched), computing)
}

const boundary = { name: 'pooled', perToken: false }

function untouchedOf(definition: ModelDefinition): ModelDefinition {
  const nothing = {
    select: () => ({ trains: () => false, adapts: () => false }),
    tensors: () => ({}),
    attach: () => ({}),
    id: 'none',
    title: 'None'
  }
  // The probe reads the first token, whatever the run's own head pools.
  const { headOptions: _own, ...rest } = definition
  return { ...rest, head: 'sequence-classification', method: nothing, options: {} }
}

function firstSequences({ rows, rowOf }: Examples): Int32Array {
  const first = new Map<number, number>()
  rowOf.forEach((row, sequence) => {
    if (!first.has(row)) first.set(row, sequence)
  })
  return rows.map((row) => first.get(row) ?? 0)
}
