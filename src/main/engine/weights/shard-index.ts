import { InputError } from '../../base/errors.ts'
import { findJsonExcess } from './json-outline.ts'
import { quoted } from '../../base/storage-problem.ts'
import { openRegularFile, readAt } from './regular-file.ts'

const maximumBytes = 100_000_000

function fault(path: string, reason: string, key?: string): InputError {
  const where = key === undefined ? { file: path } : { file: path, key }
  return new InputError('index-damaged', `The index of weights ${quoted(path)} ${reason} Download it again.`, where)
}

/** A plain file name: no folders, no drive letters or alternate streams, nothing hidden. */
function isPlainName(name: unknown): name is string {
  return typeof name === 'string' && /^[^/\\:\0]+\.safetensors$/i.test(name) && !name.startsWith('.')
}

async function readText(path: string): Promise<string> {
  const { handle, stat } = await openRegularFile(path)
  try {
    if (stat.size > BigInt(maximumBytes)) throw fault(path, `is too large (${stat.size} bytes).`)
    const bytes = new Uint8Array(Number(stat.size))
    const length = await readAt(handle, bytes, 0)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length))
  } catch (error) {
    if (error instanceof TypeError) throw fault(path, 'is not text.')
    throw error
  } finally {
    await handle.close()
  }
}

/**
 * Reads `model.safetensors.index.json`: which file holds each tensor.
 * @throws InputError when it is not such an index, names a tensor twice, or names a file outside its own folder
 */
export async function readShardIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readText(path)
  const excess = findJsonExcess(text, { depth: 16, commas: 2_000_000 })
  if (excess?.kind === 'duplicate') throw fault(path, `names ${quoted(excess.key)} twice.`, excess.key)
  if (excess !== undefined) throw fault(path, 'has too many or too deeply nested entries.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw fault(path, 'is not valid JSON.')
  }
  const map = typeof value === 'object' && value !== null && 'weight_map' in value ? value.weight_map : undefined
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw fault(path, 'has no "weight_map".')
  const places = new Map<string, string>()
  for (const [tensor, file] of Object.entries(map)) {
    if (!isPlainName(file))
      throw fault(path, `does not name a safetensors file beside it for the tensor ${quoted(tensor)}.`, tensor)
    places.set(tensor, file)
  }
  if (places.size === 0) throw fault(path, 'lists no tensors.')
  return places
}
