import { lazy } from '../../base/lazy.ts'
import { inTurns, type Turns } from '../../base/turns.ts'
import {
  compileOver,
  get,
  giveMemory,
  i32,
  i32Add,
  load,
  loop,
  set,
  simd,
  splat32,
  store,
  type Code,
  type GivenMemory,
  type WasmFunction
} from '../../base/wasm-code.ts'
import { scalarNames } from './update-graphs.ts'

/** What AdamW goes over, element by element: four arrays of one length. */
export interface WalkArrays {
  readonly weight: Float32Array
  readonly gradient: Float32Array
  readonly average: Float32Array
  readonly squares: Float32Array
}

const arrayNames = ['weight', 'gradient', 'average', 'squares'] as const
const factors = [
  scalarNames.keep,
  scalarNames.stepSize,
  scalarNames.beta1,
  scalarNames.gradientShare,
  scalarNames.beta2,
  scalarNames.squareShare,
  scalarNames.epsilon
] as const

/** Elements of one round of the loop, in four vectors. */
const perRound = 16
/** Elements after which others may have their turn: about a millisecond's work. */
const perTurn = 1 << 20
const cacheLine = 64
/** The arrays begin at different places of a page: a load right after a store to the same place of another page waits for it. */
const stagger = 5 * cacheLine
/** What 32 bits address. */
const most = 2 ** 32

const plus = (a: Code, b: Code): Code => simd(0xe4, a, b)
const minus = (a: Code, b: Code): Code => simd(0xe5, a, b)
const times = (a: Code, b: Code): Code => simd(0xe6, a, b)
const over = (a: Code, b: Code): Code => simd(0xe7, a, b)
const root = (a: Code): Code => simd(0xe3, a)
/** The bits of a float32 in all four lanes. */

/** Parameters: addresses of the four arrays, rounds, and the bits of the factors. Each operation is one of the update graph's nodes, in its order. */
function walkFunction(): WasmFunction {
  const [weight, gradient, average, squares] = [0, 1, 2, 3]
  const rounds = arrayNames.length
  const firstFactor = rounds + 1
  const firstVector = firstFactor + factors.length
  const factor = (name: (typeof factors)[number]): Code => get(firstVector + factors.indexOf(name))
  const w = firstVector + factors.length
  const [g, m, v, direction] = [w + 1, w + 2, w + 3, w + 4]
  const addresses = [weight, gradient, average, squares] as const
  const vector = (offset: number): Code => [
    ...[w, g, m, v].flatMap((local, i) => set(local, load(get(addresses[i] ?? 0), offset))),
    ...set(m, plus(times(get(m), factor(scalarNames.beta1)), times(get(g), factor(scalarNames.gradientShare)))),
    ...set(v, plus(times(get(v), factor(scalarNames.beta2)), times(times(get(g), get(g)), factor(scalarNames.squareShare)))),
    ...set(direction, over(get(m), plus(root(get(v)), factor(scalarNames.epsilon)))),
    ...set(w, minus(times(get(w), factor(scalarNames.keep)), times(get(direction), factor(scalarNames.stepSize)))),
    ...store(get(average), get(m), offset),
    ...store(get(squares), get(v), offset),
    ...store(get(weight), get(w), offset)
  ]
  const body = [
    ...factors.flatMap((_, i) => set(firstVector + i, splat32(get(firstFactor + i)))),
    ...loop(
      [
        ...[0, 16, 32, 48].flatMap(vector),
        ...addresses.flatMap((address) => set(address, i32Add(get(address), i32(4 * perRound)))),
        ...set(rounds, i32Add(get(rounds), i32(-1)))
      ],
      get(rounds)
    )
  ]
  return { name: 'walk', parameters: firstVector, integers: 0, vectors: factors.length + 5, body }
}

const compiled = lazy(() => compileOver([walkFunction()]))

/**
 * AdamW (`buildUpdateGraph`) as one walk over weights, gradients and both averages with 128-bit instructions: each is read once and written once, where the graph's
 * nodes go over a stretch one after the other. The same operations in the same order, each rounded to float32, so the same bits. The arrays lie in memory that
 * such instructions reach, at most 4 GiB of it.
 */
export class AdamwWalk {
  readonly #memory: GivenMemory
  readonly #walk: (...parameters: number[]) => void
  #taken = 0
  #count = 0

  private constructor(memory: GivenMemory, walk: (...parameters: number[]) => void) {
    this.#memory = memory
    this.#walk = walk
  }

  /** Memory for the four arrays of `size` elements; null where they are too large for it, or this machine has no such memory or instructions. */
  static make(size: number): AdamwWalk | null {
    const bytes = arrayNames.length * (size * Float32Array.BYTES_PER_ELEMENT + cacheLine + stagger)
    const open = size > 0 && bytes < most ? compiled() : null
    const memory = open && giveMemory(bytes)
    const walk = memory && open.over(memory)['walk']
    return memory && walk ? new AdamwWalk(memory, walk) : null
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer
  }

  /** Where so many bytes begin that nothing else has, at the start of a cache line. */
  take(bytes: number): number {
    const start = Math.ceil(this.#taken / cacheLine) * cacheLine + (this.#count++ > 0 ? stagger : 0)
    if (start + bytes > this.buffer.byteLength)
      throw new Error(`${bytes} bytes are taken where ${this.buffer.byteLength - start} are left`)
    this.#taken = start + bytes
    return start
  }

  /** Whether an array lies in this memory. */
  holds(array: Float32Array): boolean {
    return array.buffer === this.buffer
  }

  /** Updates `size` elements from `offset` on in place, with the scalars of `updateScalars`. */
  async update(
    arrays: WalkArrays,
    { offset, size }: { readonly offset: number; readonly size: number },
    scalars: Readonly<Record<string, number>>
  ): Promise<void> {
    await inTurns(this.#turns(arrays, offset, offset + size, roundedFactors(scalars)))
  }

  *#turns(arrays: WalkArrays, from: number, to: number, rounded: Float32Array<ArrayBuffer>): Turns<void> {
    const bits = new Int32Array(rounded.buffer)
    const addressOf = (name: keyof WalkArrays, element: number): number =>
      arrays[name].byteOffset + element * Float32Array.BYTES_PER_ELEMENT
    const whole = to - ((to - from) % perRound)
    for (let start = from; start < whole; start += perTurn) {
      const rounds = (Math.min(whole, start + perTurn) - start) / perRound
      this.#walk(...arrayNames.map((name) => addressOf(name, start)), rounds, ...bits)
      yield
    }
    updateElements(arrays, whole, to, rounded)
  }
}

const { fround, sqrt } = Math

/** The factors of a walk (`updateScalars`), rounded to float32, in its order. */
export const roundedFactors = (scalars: Readonly<Record<string, number>>): Float32Array<ArrayBuffer> =>
  Float32Array.from(factors, (name) => scalars[name] ?? NaN)

/** AdamW on the elements from `from` to before `to`, one by one. Double precision, rounded after each operation, gives float32's own result. */
export function updateElements(
  { weight, gradient, average, squares }: WalkArrays,
  from: number,
  to: number,
  rounded: Float32Array
): void {
  const [keep = NaN, stepSize = NaN, beta1 = NaN, gradientShare = NaN, beta2 = NaN, squareShare = NaN, epsilon = NaN] = rounded
  for (let i = from; i < to; i++) {
    const g = gradient[i] ?? NaN
    const m = fround(fround((average[i] ?? NaN) * beta1) + fround(g * gradientShare))
    const v = fround(fround((squares[i] ?? NaN) * beta2) + fround(fround(g * g) * squareShare))
    const direction = fround(m / fround(fround(sqrt(v)) + epsilon))
    average[i] = m
    squares[i] = v
    weight[i] = fround(fround((weight[i] ?? NaN) * keep) - fround(direction * stepSize))
  }
}
