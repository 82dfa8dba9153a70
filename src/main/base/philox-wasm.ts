import { lazy } from './lazy.ts'
import { philoxFill } from './philox.ts'
import { SecondThread, type Call } from './second-thread.ts'
import {
  bytesConstant,
  compileOver,
  get,
  giveMemory,
  i32,
  i32Add,
  loop,
  set,
  simd,
  splat32,
  store,
  type Code
} from './wasm-code.ts'

// Four Philox blocks run side by side, one in each 32-bit lane, and two such groups in turns: a round waits for its own products, not for the other group's.

const splat16 = (value: Code): Code => simd(0x10, value)
const add32 = (a: Code, b: Code): Code => simd(0xae, a, b)
const xor = (a: Code, b: Code): Code => simd(0x51, a, b)
const and = (a: Code, b: Code): Code => simd(0x4e, a, b)
const atLeast16 = (a: Code, b: Code): Code => simd(0x36, a, b)
/** Sixteen 16-bit lanes to bytes: 0xffff becomes 0xff, 0 stays. */
const narrow = (a: Code, b: Code): Code => simd(0x65, a, b)
/** 64-bit products of lanes 0 and 1, and of lanes 2 and 3. */
const productLow = (a: Code, b: Code): Code => simd(0xde, a, b)
const productHigh = (a: Code, b: Code): Code => simd(0xdf, a, b)
/** Picks 32-bit lanes of two vectors: 0–3 of a, 4–7 of b. */
const pick = (a: Code, b: Code, lanes: readonly number[]): Code => [
  ...simd(0x0d, a, b),
  ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))
]
/** High and low halves of four 64-bit products. */
const highs = (low: Code, high: Code): Code => pick(low, high, [1, 3, 5, 7])
const lows = (low: Code, high: Code): Code => pick(low, high, [0, 2, 4, 6])

/** Parameters of `fill`: where to write, how often to write 64 elements, first block, and those of philoxFill. */
const at = { out: 0, times: 1, block: 2, counter1: 3, counter2: 4, key0: 5, key1: 6, threshold: 7 } as const
const integerParameters = Object.keys(at).length
const rounds = 10

/** 128-bit locals that both groups read. `a1` to `d2` are what the first two rounds leave the same for every block. */
const shared = {
  ...{ counter: 8, c1: 9, c2: 10, m0: 11, m1: 12, threshold: 13 },
  ...{ a1: 14, b1: 15, highA1: 16, d2: 17, keys: 18 }
} as const
const firstGroup = shared.keys + 2 * rounds
const groupOf = (start: number) =>
  ({ a: start, b: start + 1, c: start + 2, d: start + 3, p: start + 4, q: start + 5, r: start + 6, s: start + 7 }) as const
type Group = ReturnType<typeof groupOf>
const groups = [groupOf(firstGroup), groupOf(firstGroup + 8)] as const
const vectorLocals = firstGroup + 16 - integerParameters

const elementsOfBlock = 8
const elementsOfGroup = 32
/** Elements that `fill` writes at once: the last ones may lie behind those that were asked for. */
const elementsAtOnce = groups.length * elementsOfGroup

const ones = bytesConstant(new Array<number>(16).fill(1))
const wide = (numbers: readonly number[]): Code => bytesConstant(numbers.flatMap((number) => [number, 0, 0, 0]))
const key0 = (round: number): Code => get(shared.keys + 2 * round)
const key1 = (round: number): Code => get(shared.keys + 2 * round + 1)
const inTurns = (code: (group: Group) => Code): Code => groups.flatMap(code)

const timesM0 = (a: number, low: number, high: number): Code => [
  ...set(low, productLow(get(a), get(shared.m0))),
  ...set(high, productHigh(get(a), get(shared.m0)))
]
const timesM1 = (c: number, low: number, high: number): Code => [
  ...set(low, productLow(get(c), get(shared.m1))),
  ...set(high, productHigh(get(c), get(shared.m1)))
]

/** One round, as in `philox4x32`: (a, b, c, d) ← (hi(m1·c)⊕b⊕k0, lo(m1·c), hi(m0·a)⊕d⊕k1, lo(m0·a)). */
function round(index: number): Code {
  return [
    ...inTurns(({ a, p, q }) => timesM0(a, p, q)),
    ...inTurns(({ c, r, s }) => timesM1(c, r, s)),
    ...inTurns(({ a, b, c, d, p, q, r, s }) => [
      ...set(a, xor(xor(highs(get(r), get(s)), get(b)), key0(index))),
      ...set(b, lows(get(r), get(s))),
      ...set(c, xor(xor(highs(get(p), get(q)), get(d)), key1(index))),
      ...set(d, lows(get(p), get(q)))
    ])
  ]
}

/** What rounds 0 and 1 make of the counters that all blocks have alike: (·, c1, c2, 0) becomes (a1, b1, ·, ·), and a1's product is the same everywhere. */
function ofAllBlocks(): Code {
  const { p, q } = groups[0]
  return [
    ...timesM1(shared.c2, p, q),
    ...set(shared.a1, xor(xor(highs(get(p), get(q)), get(shared.c1)), key0(0))),
    ...set(shared.b1, xor(lows(get(p), get(q)), key0(1))),
    ...timesM0(shared.a1, p, q),
    ...set(shared.highA1, xor(highs(get(p), get(q)), key1(1))),
    ...set(shared.d2, lows(get(p), get(q)))
  ]
}

/** Rounds 0 and 1 of blocks `counter`, with what they have in common. */
function firstRounds(): Code {
  return [
    ...inTurns(({ p, q }) => [
      ...timesM0(shared.counter, p, q),
      ...set(shared.counter, add32(get(shared.counter), wide([4, 4, 4, 4])))
    ]),
    ...inTurns(({ c, d, p, q }) => [...set(c, xor(highs(get(p), get(q)), key1(0))), ...set(d, lows(get(p), get(q)))]),
    ...inTurns(({ c, r, s }) => timesM1(c, r, s)),
    ...inTurns(({ a, b, c, d, r, s }) => [
      ...set(a, xor(highs(get(r), get(s)), get(shared.b1))),
      ...set(b, lows(get(r), get(s))),
      ...set(c, xor(get(d), get(shared.highA1))),
      ...set(d, get(shared.d2))
    ])
  ]
}

/** Turns lanes into blocks again (a 4×4 transposition), compares 16-bit halves and writes 32 bytes of 0 and 1. */
function writeMask({ a, b, c, d, p, q, r, s }: Group, offset: number): Code {
  const lower = [0, 4, 1, 5]
  const upper = [2, 6, 3, 7]
  const compared = (x: number, y: number, half: readonly number[]): Code =>
    atLeast16(pick(get(x), get(y), half), get(shared.threshold))
  const firstHalf = [0, 1, 4, 5]
  const secondHalf = [2, 3, 6, 7]
  return [
    ...set(p, pick(get(a), get(b), lower)),
    ...set(q, pick(get(c), get(d), lower)),
    ...set(r, pick(get(a), get(b), upper)),
    ...set(s, pick(get(c), get(d), upper)),
    ...store(get(at.out), and(narrow(compared(p, q, firstHalf), compared(p, q, secondHalf)), ones), offset),
    ...store(get(at.out), and(narrow(compared(r, s, firstHalf), compared(r, s, secondHalf)), ones), offset + 16)
  ]
}

function body(): Code {
  const keys = Array.from({ length: rounds }, (_, index) => [
    ...set(shared.keys + 2 * index, splat32(i32Add(get(at.key0), i32(Math.imul(index, 0x9e3779b9))))),
    ...set(shared.keys + 2 * index + 1, splat32(i32Add(get(at.key1), i32(Math.imul(index, 0xbb67ae85)))))
  ]).flat()
  return [
    ...set(shared.counter, add32(splat32(get(at.block)), wide([0, 1, 2, 3]))),
    ...set(shared.c1, splat32(get(at.counter1))),
    ...set(shared.c2, splat32(get(at.counter2))),
    ...set(shared.m0, splat32(i32(0xd2511f53))),
    ...set(shared.m1, splat32(i32(0xcd9e8d57))),
    ...set(shared.threshold, splat16(get(at.threshold))),
    ...keys,
    ...ofAllBlocks(),
    ...loop(
      [
        ...firstRounds(),
        ...Array.from({ length: rounds - 2 }, (_, index) => round(index + 2)).flat(),
        ...groups.flatMap((group, index) => writeMask(group, index * elementsOfGroup)),
        ...set(at.out, i32Add(get(at.out), i32(elementsAtOnce))),
        ...set(at.times, i32Add(get(at.times), i32(-1)))
      ],
      get(at.times)
    )
  ]
}

const functions = [{ name: 'fill', parameters: integerParameters, integers: 0, vectors: vectorLocals, body: body() }]
const compiled = lazy(() => compileOver(functions))
const compiledShared = lazy(() => compileOver(functions, 'shared'))

/** Stretches that are drawn together begin at multiples of it. */
export const stretchStep = elementsAtOnce
/** Elements that one of two threads draws at a time. */
const elementsOfTurn = 1 << 18

/** What `fill` draws: first byte, elements, threshold, two words of the key and two of the counter, as `philoxFill` has them. */
export type Stretch = readonly [
  start: number,
  count: number,
  threshold: number,
  key0: number,
  key1: number,
  counter1: number,
  counter2: number
]

/** Memory for dropout masks, drawn where they lie. */
export interface PhiloxMemory {
  readonly buffer: ArrayBuffer
  /**
   * Draws a stretch, bit for bit as `philoxFill` does, several times as fast where the processor has 128-bit instructions. Some bytes behind it may change, too:
   * stretches are drawn in their order.
   */
  readonly fill: (...stretch: Stretch) => void
  /** Draws stretches, each at a multiple of `stretchStep`, on the other thread of `drawTogether`, too, if the memory was made for it. */
  readonly fillAll: (stretches: readonly Stretch[], other: SecondThread | null) => void
}

/** Another thread to draw with; null where none can be had. Memory for it is made with `shared`. */
export function drawTogether(): SecondThread | null {
  const made = compiledShared()
  return made && SecondThread.start(made, 'fill')
}

/** Memory of at least so many bytes. `shared`: another thread may draw in it, too. */
export function philoxMemory(bytes: number, shared = false): PhiloxMemory {
  const made = shared ? compiledShared() : compiled()
  const memory = made && giveMemory(bytes + elementsAtOnce, shared)
  const fast = memory && made.over(memory)['fill']
  const buffer = memory?.buffer ?? new ArrayBuffer(bytes)
  const fill = (...[start, count, threshold, key0, key1, counter1, counter2]: Stretch): void => {
    if (count === 0) return
    if (fast && isFast(threshold)) fast(start, Math.ceil(count / elementsAtOnce), 0, counter1, counter2, key0, key1, threshold)
    else philoxFill(new Uint8Array(buffer, start, count), threshold, key0, key1, counter1, counter2)
  }
  return {
    buffer,
    fill,
    fillAll(stretches, other) {
      if (!other || !fast || !shared) for (const stretch of stretches) fill(...stretch)
      else {
        const together = stretches.filter(([, , threshold]) => isFast(threshold))
        other.share(memory, together.flatMap(turnsOf), (turn) => fast(...turn))
        for (const stretch of stretches) if (!isFast(stretch[2])) fill(...stretch)
      }
    }
  }
}

/** The comparison is of 16-bit lanes, which 65536 (everything is dropped) does not fit. */
const isFast = (threshold: number): boolean => threshold <= 0xffff

/** Calls of `fill` that draw a stretch, in parts. */
function turnsOf([start, count, threshold, key0, key1, counter1, counter2]: Stretch): Call[] {
  const turns: Call[] = []
  for (let done = 0; done < count; done += elementsOfTurn) {
    const times = Math.ceil(Math.min(elementsOfTurn, count - done) / elementsAtOnce)
    turns.push([start + done, times, done / elementsOfBlock, counter1, counter2, key0, key1, threshold])
  }
  return turns
}
