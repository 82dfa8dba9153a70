import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { realFolder, resolveInModel } from '../../base/model-files.ts'
import { readShardIndex } from './shard-index.ts'
import { elementCount } from './elements.ts'
import type { ElementType } from './elements.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import { programProblem, readSafetensorsHeader } from './safetensors.ts'

/** One tensor of a checkpoint. `offset` and `length` are bytes in `file`. */
export interface TensorEntry {
  /** Name of the file, relative to the checkpoint's folder. */
  readonly file: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

export interface CheckpointFile {
  /** Name relative to the checkpoint's folder. */
  readonly file: string
  /** Where the bytes really are, links resolved. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly mtimeNs: bigint
  readonly headerHash: string
}

export interface TypeSummary {
  readonly tensors: number
  readonly parameters: number
  readonly bytes: number
}

/** The weights of a model on disk: what is where, not the values. */
export interface Checkpoint {
  /** The real path of the folder. */
  readonly folder: string
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly files: readonly CheckpointFile[]
  /** Bytes of all tensors. */
  readonly totalBytes: number
  readonly dtypes: ReadonlyMap<ElementType, TypeSummary>
}

const single = 'model.safetensors'
const index = 'model.safetensors.index.json'

/** The error for a folder without usable weights, as helpful as its content allows. */
async function noWeights(folder: string): Promise<InputError> {
  const names = (await readdir(folder)).sort()
  const program = names.find((name) => /\.(bin|pt|pth|ckpt|pkl|pickle)$/i.test(name))
  const others = names.filter((name) => /\.safetensors$/i.test(name))
  if (others.length === 0 && program !== undefined) return programProblem(join(folder, program))
  const found =
    others.length === 0 ? '' : ` It has ${others.slice(0, 3).map(quoted).join(', ')}, but no ${quoted(index)} that lists them.`
  const message = `The folder ${quoted(folder)} has no weights: neither ${quoted(single)} nor ${quoted(index)}.${found} Choose a complete model folder.`
  return new InputError('weights-missing', message, { file: folder })
}

/** Opens the named files and collects their tensors. `paths` maps the name that the checkpoint uses to the real path. */
async function collect(folder: string, paths: ReadonlyMap<string, string>): Promise<Checkpoint> {
  const tensors = new Map<string, TensorEntry>()
  const files: CheckpointFile[] = []
  const dtypes = new Map<ElementType, TypeSummary>()
  let totalBytes = 0
  for (const [file, path] of paths) {
    const header = await readSafetensorsHeader(path)
    files.push({ file, path, size: header.fileSize, mtimeNs: header.mtimeNs, headerHash: header.headerHash })
    for (const [name, { dtype, shape, begin, end }] of header.tensors) {
      const other = tensors.get(name)
      if (other !== undefined) {
        const message = `The tensor ${quoted(name)} is both in ${quoted(other.file)} and in ${quoted(file)} of ${quoted(folder)}. Download the model again.`
        throw new InputError('tensor-twice', message, { file: path, tensor: name })
      }
      tensors.set(name, { file, dtype, shape, offset: begin, length: end - begin })
      const sum = dtypes.get(dtype) ?? { tensors: 0, parameters: 0, bytes: 0 }
      const parameters = sum.parameters + elementCount(shape)
      dtypes.set(dtype, { tensors: sum.tensors + 1, parameters, bytes: sum.bytes + end - begin })
      totalBytes += end - begin
    }
  }
  return { folder, tensors, files, totalBytes, dtypes }
}

async function openShards(folder: string, indexPath: string): Promise<Checkpoint> {
  const places = await readShardIndex(indexPath)
  const paths = new Map<string, string>()
  for (const [tensor, file] of places) {
    if (paths.has(file)) continue
    const path = await resolveInModel(folder, file)
    if (path === undefined) {
      const message = `The weights file ${quoted(file)} is missing from ${quoted(folder)}; it holds ${quoted(tensor)}, among others. Download it too.`
      throw new InputError('shard-missing', message, { file: join(folder, file), tensor })
    }
    paths.set(file, path)
  }
  const checkpoint = await collect(folder, paths)
  for (const [tensor, file] of places) {
    if (checkpoint.tensors.get(tensor)?.file === file) continue
    const message = `The index of ${quoted(folder)} says that ${quoted(file)} holds the tensor ${quoted(tensor)}, but it does not. Download the model again.`
    throw new InputError('tensor-missing', message, { file: join(folder, file), tensor })
  }
  return checkpoint
}

/**
 * Opens a model's folder: `model.safetensors`, or the shards that `model.safetensors.index.json` lists. Only headers are read.
 * @throws InputError for weights that are missing, damaged, pickles, or links out of the model's repository
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const real = await realFolder(folder)
  const whole = await resolveInModel(real, single)
  if (whole !== undefined) return collect(real, new Map([[single, whole]]))
  const indexPath = await resolveInModel(real, index)
  if (indexPath !== undefined) return openShards(real, indexPath)
  throw await noWeights(real)
}

/** Opens one safetensors file as a checkpoint, whatever its name: an adapter, a run's saved state. A link to it is followed. */
export async function openSafetensors(path: string): Promise<Checkpoint> {
  let real: string
  try {
    real = await realpath(path)
  } catch (error) {
    throw storageProblem(error, 'The weights cannot be read', path)
  }
  return collect(dirname(real), new Map([[basename(real), real]]))
}
