import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../../base/files.ts'
import { ifThere } from '../../base/if-there.ts'
import { open, readFile, stat } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { writeModel } from '../graph/onnx/write-model.ts'
import type { Graph } from '../graph/types.ts'
import type { HostTensor, Runtime } from '../runtime/port.ts'
import { collate, cut, evaluationBatches, longestOf, type CollateSettings } from './batches.ts'
import { poolingOf } from './custom-head.ts'
import type { Examples } from './examples.ts'
import { loadGraph, lowered, type WeightSource } from './feeding.ts'
import { onceMore, RowParts, type OnSmaller } from './in-parts.ts'
import { buildPrefixGraph } from './graphs.ts'
import type { ModelDefinition, ParameterSelection } from './model-definition.ts'
import type { PackedLayout } from './packing.ts'
import type { RunSettings } from './run-settings.ts'

/** Where the frozen prefix ends: `pooled` (one vector a row) or the output of a layer (one vector a token). */
export interface PrefixBoundary {
  readonly name: string
  readonly perToken: boolean
}

/**
 * The highest boundary below which nothing is trained (design §4.4), or null where even the first layer learns. The embeddings alone are
 * no prefix worth keeping: looking them up costs as much as reading them back.
 */
function prefixBoundary(definition: ModelDefinition, selection: ParameterSelection): PrefixBoundary | null {
  const { config, head } = definition
  const trained = selection.parameters
  if (trained.some(({ role }) => role === 'embedding')) return null
  const layers = trained.flatMap(({ layer }) => (layer === null ? [] : [layer]))
  const lowest = Math.min(config.layers, ...layers)
  if (lowest === 0) return null
  if (lowest === config.layers && head === 'sequence-classification') return { name: 'pooled', perToken: false }
  // The tied output projection reads the embeddings, but a masked-lm head still starts from the last layer.
  return { name: `layer.${lowest - 1}`, perToken: true }
}

/** The frozen prefix that a run reads from disk; null where there is none, it is off, or it would not fit the budget. */
export function prefixInUse(
  definition: ModelDefinition,
  selection: ParameterSelection,
  { prefixCache, task, gradualUnfreezing }: Pick<RunSettings, 'prefixCache' | 'task' | 'gradualUnfreezing'>,
  parts: readonly Examples[]
): PrefixBoundary | null {
  if (!prefixCache.isOn || task === 'masked-lm' || gradualUnfreezing) return null
  const boundary = prefixBoundary(definition, selection)
  if (!boundary) return null
  const bytes = parts.reduce((sum, { lengths }) => sum + PrefixCache.bytes(lengths, definition.config.width, boundary), 0)
  return bytes <= prefixCache.budgetBytes ? boundary : null
}

/** Rows handled at once while filling: the same for every run, so that a cache does not depend on a run's batches. */
export const canonicalBatch = 16

/** What decides a cache's file, besides the examples. */
export interface PrefixPlace {
  readonly boundary: PrefixBoundary
  readonly width: number
  readonly folder: string
  /** What decides the vectors besides the tokens: the model's files. */
  readonly modelKey: string
}

export interface PrefixOptions extends PrefixPlace {
  readonly collate: CollateSettings
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** Told when memory did not suffice for a whole batch. */
  readonly onSmaller?: OnSmaller
}

/** Work that caches of a frozen prefix spared. */
export interface SparedWork {
  /** Passes of a sequence through the frozen layers: those read, less those that were computed for it. */
  readonly passes: number
  /** Sequences that were on disk already. */
  readonly found: number
  /** What computing them took when it was done, times the passes; null where that is not known of this device. */
  readonly seconds: number | null
}

export const sumSpared = (all: readonly SparedWork[]): SparedWork => ({
  passes: all.reduce((sum, { passes }) => sum + passes, 0),
  found: all.reduce((sum, { found }) => sum + found, 0),
  seconds: all.reduce<number | null>((sum, { seconds }) => (sum === null || seconds === null ? null : sum + seconds), 0)
})

/** How long filling a cache took, beside it. */
interface Pace {
  readonly format: 'attune-prefix-1'
  readonly seconds: number
  /** What computed, and its threads. */
  readonly device: string
}

/** The frozen prefix's output for a list of sequences, in one file on disk: float32, sequence after sequence. */
export class PrefixCache {
  readonly #file: OpenFile
  /** First vector of each sequence. */
  readonly #starts: Float64Array
  readonly #width: number
  readonly #boundary: PrefixBoundary
  readonly #wasThere: boolean
  /** Seconds that filling it took; null where that is not known. */
  readonly #seconds: number | null
  #read = 0

  private constructor(
    file: OpenFile,
    { starts, width, boundary }: { starts: Float64Array; width: number; boundary: PrefixBoundary },
    { wasThere, seconds }: { wasThere: boolean; seconds: number | null }
  ) {
    this.#file = file
    this.#starts = starts
    this.#width = width
    this.#boundary = boundary
    this.#wasThere = wasThere
    this.#seconds = seconds
  }

  /** Bytes that the cache of these sequences takes. */
  static bytes(lengths: Int32Array, width: number, { perToken }: PrefixBoundary): number {
    return 4 * width * (perToken ? lengths.reduce((sum, length) => sum + length, 0) : lengths.length)
  }

  /** Bytes of these parts that are yet to be computed and written: of each all, or none where its cache is on disk. */
  static async missing(
    parts: readonly Examples[],
    place: PrefixPlace,
    definition: ModelDefinition,
    selection: ParameterSelection,
    computing: Computing
  ): Promise<number> {
    const name = nameOf(place, definition, arithmeticOf(buildPrefixGraph(definition, selection, place.boundary.name), computing))
    const bytes = await Promise.all(
      parts.map(async (examples) => missingBytes(join(place.folder, (await name(examples)).own), examples, place))
    )
    return bytes.reduce((sum, each) => sum + each, 0)
  }

  /** Opens the cache, computing it first where it is not on disk yet. */
  static async open(
    runtime: Runtime,
    definition: ModelDefinition,
    selection: ParameterSelection,
    weights: WeightSource,
    examples: Examples,
    options: PrefixOptions
  ): Promise<PrefixCache> {
    const { boundary, width, folder } = options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const graph = buildPrefixGraph(definition, selection, boundary.name)
    const { own, isStale } = await nameOf(options, definition, arithmeticOf(graph, runtime))(examples)
    const path = join(folder, own)
    const starts = startsOf(examples.lengths, boundary)
    const wasThere = (await missingBytes(path, examples, options)) === 0
    if (!wasThere) {
      await fill(path, runtime, graph, weights, examples, options, starts)
      await dropStale(folder, isStale)
    }
    const seconds = await secondsFor(path, runtime)
    return new PrefixCache(await open(path, 'r'), { starts, width, boundary }, { wasThere, seconds })
  }

  /** What it has spared so far. */
  get spared(): SparedWork {
    const all = this.#starts.length
    const passes = Math.max(0, this.#read - (this.#wasThere ? 0 : all))
    const each = this.#seconds === null ? null : this.#seconds / Math.max(1, all)
    return { passes, found: this.#wasThere ? all : 0, seconds: passes === 0 ? 0 : each && each * passes }
  }

  /** The vectors of a batch: [texts, width], or [rows·time, width] with zeros for padding; `layout` where rows hold several texts. */
  async input(
    sequences: Int32Array,
    lengths: Int32Array,
    time: number,
    layout: PackedLayout | null = null
  ): Promise<Record<string, HostTensor>> {
    const width = this.#width
    this.#read += sequences.length
    const { name, perToken } = this.#boundary
    const stride = perToken ? time : 1
    const vectors = vectorsOf(this.#boundary, sequences, time, layout)
    const data = new Float32Array(vectors * width)
    for (const [row, sequence] of sequences.entries()) {
      const at = perToken && layout ? (layout.starts[row] ?? 0) : row * stride
      const count = perToken ? (lengths[sequence] ?? 0) : 1
      const into = new Uint8Array(data.buffer, at * width * 4, count * width * 4)
      await this.#file.read(into, 0, into.length, (this.#starts[sequence] ?? 0) * width * 4)
    }
    return { [`prefix/${name}`]: { type: 'float32', shape: [vectors, width], data } }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** What gives a batch the frozen prefix's vectors. */
export type PrefixInput = Pick<PrefixCache, 'input'>

/** Vectors of zeros in a cache's place, for a run that is only rehearsed. */
export function emptyPrefix(boundary: PrefixBoundary, width: number): PrefixInput {
  return {
    input: (sequences, _lengths, time, layout) => {
      const vectors = vectorsOf(boundary, sequences, time, layout ?? null)
      const data = new Float32Array(vectors * width)
      return Promise.resolve({ [`prefix/${boundary.name}`]: { type: 'float32', shape: [vectors, width], data } as const })
    }
  }
}

function vectorsOf({ perToken }: PrefixBoundary, sequences: Int32Array, time: number, layout: PackedLayout | null): number {
  if (!perToken) return sequences.length
  return (layout?.rows ?? sequences.length) * time
}

function startsOf(lengths: Int32Array, { perToken }: PrefixBoundary): Float64Array {
  const starts = new Float64Array(lengths.length)
  let at = 0
  lengths.forEach((length, i) => {
    starts[i] = at
    at += perToken ? length : 1
  })
  return starts
}

const paceOf = (path: string): string => `${path}.json`
const deviceOf = ({ provider, threads }: Runtime): string => `${provider}, ${threads} threads`

/** What filling a cache took on this device; null where nobody wrote that down. */
async function secondsFor(path: string, runtime: Runtime): Promise<number | null> {
  const text = await ifThere(readFile(paceOf(path), 'utf8'))
  if (text === null) return null
  try {
    const { format, seconds, device } = JSON.parse(text) as Partial<Pace> // Looked at on the next line.
    return format === 'attune-prefix-1' && typeof seconds === 'number' && device === deviceOf(runtime) ? seconds : null
  } catch {
    // Half a file tells nothing; the vectors have a file of their own.
    return null
  }
}

/** What computes a cache. */
export type Computing = Pick<Runtime, 'provider' | 'version'>

/** What the last bits of the vectors depend on besides model and texts: the graph as the provider computes it, and the library. */
function arithmeticOf(graph: Graph, { provider, version }: Computing): string {
  const anywhere = { location: '', offset: 0, length: 0 }
  const hash = createHash('sha256').update(writeModel(lowered(graph, provider), () => anywhere))
  return `${provider}-${hash.update(version).digest('hex').slice(0, 16)}`
}

/** The file of a cache, and which others hold the same vectors by an arithmetic that is no longer the program's: those of earlier versions name none. */
interface CacheName {
  readonly own: string
  readonly isStale: (file: string) => boolean
}

function nameOf(place: PrefixPlace, definition: ModelDefinition, arithmetic: string): (examples: Examples) => Promise<CacheName> {
  const [provider = ''] = arithmetic.split('-')
  return async (examples) => {
    const content = `prefix-${await keyOf(examples, place, definition)}`
    const own = `${content}-${arithmetic}.f32`
    const isStale = (file: string): boolean => {
      const of = file.endsWith('.f32.json') ? file.slice(0, -'.json'.length) : file
      return of !== own && (of === `${content}.f32` || (of.startsWith(`${content}-${provider}-`) && of.endsWith('.f32')))
    }
    return { own, isStale }
  }
}

async function missingBytes(path: string, examples: Examples, { width, boundary }: PrefixPlace): Promise<number> {
  const bytes = PrefixCache.bytes(examples.lengths, width, boundary)
  const known = await stat(path).catch(() => null)
  return known?.size === bytes ? 0 : bytes
}

async function dropStale(folder: string, isStale: CacheName['isStale']): Promise<void> {
  // One that another program still reads, which Windows does not let go, is dropped the next time.
  for (const file of (await readdir(folder)).filter(isStale)) await rm(join(folder, file), { force: true }).catch(() => undefined)
}

/** Sequences that are read at once for a cache's name. */
const hashedAtOnce = 1024

async function keyOf({ sequences }: Examples, { boundary, modelKey }: PrefixPlace, definition: ModelDefinition): Promise<string> {
  const what = boundary.perToken ? boundary.name : `${boundary.name} ${poolingOf(definition)}`
  const hash = createHash('sha256').update(`${what}|${modelKey}|`)
  const all = Int32Array.from({ length: sequences.length }, (_, i) => i)
  for (const numbers of cut(all, hashedAtOnce)) {
    for (const { ids, typeIds } of await sequences.of(numbers)) {
      hash.update(`${ids.length},`).update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
      if (typeIds) hash.update(new Uint8Array(typeIds.buffer, typeIds.byteOffset, typeIds.byteLength))
    }
  }
  return hash.digest('hex').slice(0, 40)
}

async function fill(
  path: string,
  runtime: Runtime,
  graph: Graph,
  weights: WeightSource,
  { sequences, lengths }: Examples,
  options: PrefixOptions,
  starts: Float64Array
): Promise<void> {
  const { boundary, width, collate: settings, signal, onProgress } = options
  const noState = (slot: string): never => {
    throw new Error(`the frozen prefix reads the trained tensor ${slot}`)
  }
  const load = (): ReturnType<typeof loadGraph> =>
    loadGraph(runtime, graph, { name: 'prefix_model', isExact: true, weights, state: noState })
  const loaded = await onceMore(runtime, load)
  // What training left in the pool is of no use here (evaluation's rows are filled in between), and the other way round.
  await runtime.trim()
  const aside = `${path}.${process.pid}.tmp`
  const file = await open(aside, 'w', 0o600)
  const started = performance.now()
  try {
    let done = 0
    const parts = new RowParts(runtime, options.onSmaller)
    for (const batchRows of evaluationBatches(lengths, canonicalBatch)) {
      const padTo = longestOf(batchRows, lengths)
      await parts.each(batchRows, async (rows) => {
        const batch = collate(await sequences.of(rows), settings, padTo)
        const { prefix } = await loaded.program.run({
          inputs: loaded.feed(batch),
          fetch: ['prefix'],
          need: loaded.need(batch),
          signal
        })
        if (!prefix) throw new Error('the prefix graph has no output')
        const bytes = new Uint8Array(prefix.data.buffer, prefix.data.byteOffset, prefix.data.byteLength)
        const stride = boundary.perToken ? (batch.sizes['time'] ?? 1) : 1
        for (const [i, row] of rows.entries()) {
          const count = boundary.perToken ? (lengths[row] ?? 0) : 1
          const from = i * stride * width * 4
          await file.write(bytes, from, count * width * 4, (starts[row] ?? 0) * width * 4)
        }
        // Megabytes a batch, and nobody else has them: left to the collector, hundreds of them come together before it looks (measured).
        prefix.data.buffer.transfer(0)
        onProgress((done += rows.length), lengths.length)
      })
    }
    await file.close()
    const pace: Pace = { format: 'attune-prefix-1', seconds: (performance.now() - started) / 1000, device: deviceOf(runtime) }
    await writeJsonAtomic(paceOf(path), pace)
    await rename(aside, path)
  } catch (error) {
    await file.close()
    await rm(aside, { force: true })
    throw error
  } finally {
    await loaded.program.dispose()
    await runtime.trim()
  }
}
