import { Ops } from '../graph/operations.ts'
import { writeModel } from '../graph/onnx/write-model.ts'
import type { Program, Runtime, StateTensor } from '../runtime/port.ts'

/** What a device does when it multiplies matrices of float32. */
export interface MatrixRate {
  /** Floating-point operations in a second, of the fastest product. */
  readonly rate: number
  /** Rows and columns of the matrices. */
  readonly size: number
  /** Seconds of a product so small that all of it is what a kernel costs to start. */
  readonly latency: number
}

export interface MatrixTest {
  /** How long products are timed, in seconds; default 1. */
  readonly seconds?: number
  readonly signal?: AbortSignal
}

/** Every size is tried until a product takes this long, in seconds: a shorter one would time the start of a kernel. */
const LONG_ENOUGH = 0.004
const SIZES = [256, 512, 1024, 2048, 4096]
const TINY = 32
/** Runs are timed together until they take so long, in seconds. */
const BUNDLE = 0.02

/**
 * Multiplies matrices on a runtime, compares the product with the one that is known, and times it. The numbers are small whole ones, so that the product is
 * exact in float32, whatever the order of its sums.
 * @throws Error that says what came out instead
 */
export async function measureMatrixRate(runtime: Runtime, { seconds = 1, signal }: MatrixTest = {}): Promise<MatrixRate> {
  const { model, product } = productModel()
  const program = await runtime.load({ name: 'matrix-test', model })
  try {
    const latency = await time(await placed(runtime, program, product, TINY), 0.1, signal)
    for (const size of SIZES) {
      const tried = await placed(runtime, program, product, size)
      const first = await time(tried, 0.05, signal)
      if (first < LONG_ENOUGH && size !== SIZES.at(-1)) continue
      const fastest = Math.min(first, await time(tried, seconds - first, signal))
      return { rate: (2 * size ** 3) / fastest, size, latency }
    }
    throw new Error('no size of matrices was tried')
  } finally {
    await program.dispose()
  }
}

const [LEFT, RIGHT, PRODUCT] = ['left', 'right', 'product']

/** Y = A · B over square matrices whose size is known when it runs. */
function productModel(): { readonly model: Uint8Array; readonly product: string } {
  const g = new Ops({ training: false })
  g.output(PRODUCT, g.matMul(g.state(LEFT, 'float32', ['n', 'n']), g.state(RIGHT, 'float32', ['n', 'n'])))
  const noWeights = (): never => {
    throw new Error('a product of two states has no weights')
  }
  return { model: writeModel(g.build(), noWeights), product: PRODUCT }
}

/** A product whose matrices lie where the runtime computes. */
interface Placed {
  readonly run: () => Promise<unknown>
  /** Until what was run has been computed. */
  readonly wait: () => Promise<unknown>
}

/** Elements of the two matrices, small and whole: −2 to 2. */
const leftAt = (row: number, column: number): number => ((row * 7 + column * 3) % 5) - 2
const rightAt = (row: number, column: number): number => ((row * 2 + column * 11) % 5) - 2

/** Lays two matrices where the runtime computes, and checks their product. */
async function placed(runtime: Runtime, program: Program, product: string, size: number): Promise<Placed> {
  const place = async (at: (row: number, column: number) => number): Promise<StateTensor> => {
    const state = runtime.allocate('float32', [size, size])
    await state.write(Float32Array.from({ length: size * size }, (_, i) => at(Math.floor(i / size), i % size)))
    return state
  }
  const inputs = { [LEFT]: await place(leftAt), [RIGHT]: await place(rightAt) }
  const result = runtime.allocate('float32', [size, size])
  const run = (): Promise<unknown> => program.run({ inputs, outputs: { [product]: result } })
  await run()
  check(await result.read(), size)
  return { run, wait: () => result.read(0, 1) }
}

/** Looks at elements all over the product; a wrong kernel is wrong in more than one place. */
function check(found: ArrayLike<number | bigint>, size: number): void {
  const step = Math.max(1, Math.floor(size / 13))
  for (let row = 0; row < size; row += step) {
    for (let column = row % 7; column < size; column += step) {
      let expected = 0
      for (let k = 0; k < size; k++) expected += leftAt(row, k) * rightAt(k, column)
      const got = Number(found[row * size + column])
      if (got !== expected) throw new Error(`A product of two matrices is wrong: ${got} instead of ${expected}.`)
    }
  }
}

/**
 * Seconds of the fastest run, as far as `seconds` reach. A card is told of its work and goes on with it later, so runs are timed in bundles with something to
 * read at the end.
 */
async function time({ run, wait }: Placed, seconds: number, signal?: AbortSignal): Promise<number> {
  let fastest = Infinity
  let bundle = 1
  const end = performance.now() + 1000 * seconds
  do {
    signal?.throwIfAborted()
    const started = performance.now()
    for (let i = 0; i < bundle; i++) await run()
    await wait()
    const took = (performance.now() - started) / 1000
    fastest = Math.min(fastest, took / bundle)
    if (took < BUNDLE) bundle *= 2
  } while (performance.now() < end)
  return fastest
}
