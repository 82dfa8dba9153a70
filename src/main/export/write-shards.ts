import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import type { TensorSource } from '../engine/weights/elements.ts'
import { writeSafetensors } from '../engine/weights/safetensors.ts'
import { sizeInBytes } from './trained-tensors.ts'

/** Bytes of tensors above which Hugging Face's own writer begins another file. */
const SHARD_BYTES = 5e9

export interface WriteShardsOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (done: number, total: number) => void
  readonly shardBytes?: number | undefined
}

/** Writes `model.safetensors`, or numbered shards with their index where it would be larger than 5 GB. Tensors are streamed. */
export async function writeShards(
  folder: string,
  tensors: readonly TensorSource[],
  options: WriteShardsOptions = {}
): Promise<void> {
  const { signal, onProgress, shardBytes = SHARD_BYTES } = options
  const shards = shardsOf(tensors, shardBytes)
  const total = tensors.reduce((sum, tensor) => sum + sizeInBytes(tensor), 0)
  const names = shards.map((_, i) => (shards.length === 1 ? 'model.safetensors' : shardName(i + 1, shards.length)))
  let before = 0
  for (const [i, shard] of shards.entries()) {
    const path = join(folder, names[i] ?? '')
    const tell = (done: number): void => onProgress?.(before + done, total)
    await writeSafetensors(path, shard, { metadata: { format: 'pt' }, signal, onProgress: tell })
    before += shard.reduce((sum, tensor) => sum + sizeInBytes(tensor), 0)
  }
  if (shards.length === 1) return
  const places = shards.flatMap((shard, i) => shard.map(({ name }) => [name, names[i] ?? ''] as const))
  await writeJsonAtomic(join(folder, 'model.safetensors.index.json'), {
    metadata: { total_size: total },
    weight_map: Object.fromEntries(places)
  })
}

const shardName = (i: number, of: number): string =>
  `model-${String(i).padStart(5, '0')}-of-${String(of).padStart(5, '0')}.safetensors`

function shardsOf(tensors: readonly TensorSource[], most: number): TensorSource[][] {
  const shards: TensorSource[][] = [[]]
  let size = 0
  for (const tensor of tensors) {
    const own = sizeInBytes(tensor)
    if (size > 0 && size + own > most) {
      shards.push([])
      size = 0
    }
    shards.at(-1)?.push(tensor)
    size += own
  }
  return shards
}
