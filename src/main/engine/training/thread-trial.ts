import { writeModel } from '../graph/onnx/write-model.ts'
import { Ops } from '../graph/operations.ts'
import type { HostTensor, Program, Runtime } from '../runtime/port.ts'

/** What is timed: the feed-forward block of a layer, as wide as the model's. */
export interface ThreadTrial {
  /** Numbers of threads. */
  readonly candidates: readonly number[]
  readonly width: number
  readonly inner: number
  /** Tokens of a batch. */
  readonly tokens: number
}

/** Seconds of the quickest run with so many threads. */
export interface TimedThreads {
  readonly threads: number
  readonly seconds: number
}

export interface ThreadTrialTools {
  readonly open: (threads: number) => Promise<Runtime>
  /** Seconds. */
  readonly now: () => number
  readonly signal?: AbortSignal
}

/** Seconds that all candidates together are timed for. */
const TIMED = 1.2
/** Rounds that are made at least, whatever they take: the first run of a session asks the system for memory. */
const ROUNDS = 3
/** Most tokens: a longer batch says the same and takes longer. */
const MOST_TOKENS = 1024

/**
 * Times the same piece of a step with each number of threads, in turns, so that what else the machine does meets all alike. The quickest run of each counts: a
 * machine that is busy only ever makes it slower.
 */
export async function timeThreads(trial: ThreadTrial, { open, now, signal }: ThreadTrialTools): Promise<readonly TimedThreads[]> {
  const opened: Opened[] = []
  try {
    for (const threads of trial.candidates) opened.push(await openPiece(trial, threads, await open(threads)))
    const inputs = inputsOf(trial)
    const fastest = opened.map(() => Infinity)
    const end = now() + TIMED
    for (let round = 0; round <= ROUNDS || now() < end; round++) {
      for (const [i, { program }] of opened.entries()) {
        signal?.throwIfAborted()
        const started = now()
        await program.run({ inputs, fetch: [SUM] })
        if (round > 0) fastest[i] = Math.min(fastest[i] ?? Infinity, now() - started)
      }
    }
    return opened.map(({ threads }, i) => ({ threads, seconds: fastest[i] ?? Infinity }))
  } finally {
    for (const { runtime } of opened) await runtime.dispose()
  }
}

interface Opened {
  readonly threads: number
  readonly runtime: Runtime
  readonly program: Program
}

async function openPiece(trial: ThreadTrial, threads: number, runtime: Runtime): Promise<Opened> {
  try {
    return { threads, runtime, program: await runtime.load({ name: 'thread-trial', model: pieceOf(trial) }) }
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

const [HIDDEN, UP, DOWN, SCALE, SUM] = ['hidden', 'up', 'down', 'scale', 'sum']

/** sum(norm(x + gelu(x · Uᵀ) · Dᵀ)): products, elementwise operators and a normalisation, in about the shares that a step has of them. */
function pieceOf({ width, inner }: ThreadTrial): Uint8Array {
  const g = new Ops({ training: false })
  const x = g.input(HIDDEN, 'float32', ['tokens', width])
  const up = g.fusedMatMul(x, g.input(UP, 'float32', [inner, width]), { transB: true })
  const down = g.fusedMatMul(g.gelu(up), g.input(DOWN, 'float32', [width, inner]), { transB: true })
  const [normed] = g.layerNormalization(g.add(x, down), g.input(SCALE, 'float32', [width]), null, 1e-5)
  g.output(SUM, g.reduceSum(normed, [0, 1], false))
  const noWeights = (): never => {
    throw new Error('the piece of a step that is timed has no weights')
  }
  return writeModel(g.build(), noWeights)
}

function inputsOf({ width, inner, tokens }: ThreadTrial): Readonly<Record<string, HostTensor>> {
  const rows = Math.min(tokens, MOST_TOKENS)
  const tensor = (shape: readonly number[]): HostTensor => {
    const size = shape.reduce((product, length) => product * length, 1)
    return { type: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 11 - 0.5) }
  }
  return {
    [HIDDEN]: tensor([rows, width]),
    [UP]: tensor([inner, width]),
    [DOWN]: tensor([width, inner]),
    [SCALE]: tensor([width])
  }
}
