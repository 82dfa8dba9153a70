import { defined } from '../../base/assert.ts'
import { philox4x32 } from '../../base/philox.ts'
import { hashName } from '../../base/random.ts'
import { any, defineOp } from '../graph/define-op.ts'
import type { Ops } from '../graph/operations.ts'
import { rebuildGraph } from '../graph/passes/rebuild.ts'
import { bindShape, broadcast } from '../graph/shapes.ts'
import type { Graph, Shape, Value } from '../graph/types.ts'
import type { HostTensor } from '../runtime/port.ts'
import type { Batch } from './feeding.ts'
import type { TrainingGraph } from './graphs.ts'
import type { MaskAddress } from './masks.ts'

type Site = TrainingGraph['masks'][number]

/** Sites of one shape whose masks the device draws together: one chain of operators instead of one for each. */
interface Group {
  readonly rows: string
  readonly columns: string
  readonly shape: Shape
  readonly sites: readonly Site[]
}

/** A training graph that draws its dropout masks itself, and what the host feeds it for that. */
export interface DrawingGraph {
  readonly graph: Graph
  readonly feed: (sizes: Batch['sizes'], address: MaskAddress) => Record<string, HostTensor>
}

/** Masks drawn by one chain; what lies between its operators takes 8 bytes for each of their elements. */
const SITES_AT_ONCE = 8

/** Any odd numbers do; these are of the hash function lowbias32. */
export const hashNumbers = { first: 0x7feb352d, second: 0x846ca68b | 0 } as const

// int32 in place of the float that the engine's own arithmetic is of.
const whole = (type: string): ReturnType<typeof defineOp> =>
  defineOp({
    type,
    inputs: { A: any(), B: any() },
    infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast(type, A.shape, B.shape) })
  }) as unknown as ReturnType<typeof defineOp> // Its inputs go by their order.
const [Add, Mul, Div] = [whole('Add'), whole('Mul'), whole('Div')]

/**
 * Replaces the masks that the host feeds by ones that the device draws: of an element of row i and column j, x = r(i) + c(j) from numbers that the host
 * draws for every row of every site and for every column, then x·(x + k₁), x + x / 2¹⁶ and x·(x + k₂), all in int32 that wraps around. It is kept
 * where the result reaches the site's threshold. The quadratic steps make that independent for rows and columns as far as a test can tell.
 */
export function drawMasks({ graph, masks }: Pick<TrainingGraph, 'graph' | 'masks'>): DrawingGraph {
  const groups = groupsOf(masks)
  const places = new Map(groups.flatMap((group) => group.sites.map(({ name }, at) => [name, { group, at }] as const)))
  const drawn = new Map<Group, Value>()
  const drawing = rebuildGraph(
    graph,
    () => undefined,
    (g, { name }) => {
      const place = places.get(name)
      if (place === undefined) return undefined
      const all = drawn.get(place.group) ?? g.within('dropout', () => draw(g, place.group))
      drawn.set(place.group, all)
      return g.within('dropout', () => g.gather(all, g.scalar(place.at, 'int64'), 0))
    }
  )
  const feed: DrawingGraph['feed'] = (sizes, address) =>
    Object.fromEntries(groups.flatMap((group) => Object.entries(fed(group, sizes, address))))
  return { graph: drawing, feed }
}

function groupsOf(masks: readonly Site[]): readonly Group[] {
  const byShape = Map.groupBy(masks, ({ shape }) => shape.join())
  return [...byShape.values()].flatMap((sites) =>
    Array.from({ length: Math.ceil(sites.length / SITES_AT_ONCE) }, (_, part) => {
      const some = sites.slice(part * SITES_AT_ONCE, (part + 1) * SITES_AT_ONCE)
      const { name, shape } = defined(some[0], 'a site of a group')
      return { rows: `${name}/rows`, columns: `${name}/columns`, shape, sites: some }
    })
  )
}

/** The masks of a group, uint8, stacked along a first axis. */
function draw(g: Ops, { rows, columns, shape, sites }: Group): Value {
  const whole = (value: number): Value => g.scalar(value, 'int32')
  const [r, c] = [g.input(rows, 'int32', rowShape(sites.length, shape)), g.input(columns, 'int32', shape.slice(-1))]
  const x = g.one(Add, [r, c], {})
  const mixed = g.one(Mul, [x, g.one(Add, [x, whole(hashNumbers.first)], {})], {})
  const folded = g.one(Add, [mixed, g.one(Div, [mixed, whole(65_536)], {})], {})
  const hash = g.one(Mul, [folded, g.one(Add, [folded, whole(hashNumbers.second)], {})], {})
  const limits = sites.map(({ probability }) => thresholdOf(probability) - 1)
  const limit = g.constant(limits, [sites.length, ...shape.map(() => 1)], 'int32')
  return g.cast(g.greater(hash, limit), 'uint8')
}

/** The share `probability` of all int32 lies below it. */
export const thresholdOf = (probability: number): number => Math.max(Math.round(probability * 2 ** 32), 1) - 2 ** 31

const rowShape = (sites: number, shape: Shape): Shape => [sites, ...shape.slice(0, -1), 1]

function fed({ rows, columns, shape, sites }: Group, sizes: Batch['sizes'], address: MaskAddress): Record<string, HostTensor> {
  const bound = bindShape(shape, sizes)
  const width = defined(bound.at(-1), 'a mask has an axis')
  const perSite = bound.slice(0, -1).reduce((product, size) => product * size, 1)
  const r = new Int32Array(sites.length * perSite)
  sites.forEach(({ name }, at) => {
    fill(r.subarray(at * perSite, (at + 1) * perSite), name, address)
  })
  const c = new Int32Array(width)
  fill(c, 'columns', address)
  return {
    [rows]: { type: 'int32', shape: bindShape(rowShape(sites.length, shape), sizes), data: r },
    [columns]: { type: 'int32', shape: [width], data: c }
  }
}

const words = new Uint32Array(4)
/** The golden ratio's fraction in 32 bits: steps by it visit every number once. */
const GOLDEN = 0x9e3779b9

/** Numbers from MurmurHash3's finisher over a counter that begins where Philox of (seed, name; step, micro-step) says. */
function fill(numbers: Int32Array, name: string, { seed, step, microStep }: MaskAddress): void {
  philox4x32(words, 0, seed >>> 0, hashName(name), 0, step >>> 0, microStep >>> 0, 0)
  const [start = 0, twist = 0] = words
  for (let i = 0; i < numbers.length; i++) {
    let x = (start + Math.imul(i, GOLDEN)) | 0
    x = Math.imul(x ^ (x >>> 16) ^ twist, 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    numbers[i] = x ^ (x >>> 16)
  }
}
