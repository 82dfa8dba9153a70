/** One comparison: a model, what is trained, and how. Both sides get it as JSON. */
export interface Case {
  readonly name: string
  readonly width: 768 | 384
  /** `cached`: ours trains the head on stored pooled vectors (second epoch on); PyTorch has nothing like it and runs its head-only step. */
  readonly method: 'lora' | 'full' | 'head' | 'cached'
  readonly dropout: number
}

const methods = ['lora', 'full', 'head', 'cached'] as const

/** Every case, e.g. `lora-768-dropout-0.1`. */
export const cases: readonly Case[] = ([768, 384] as const).flatMap((width) =>
  methods.flatMap((method) =>
    [0.1, 0].map((dropout): Case => ({ name: `${method}-${width}-dropout-${dropout}`, width, method, dropout }))
  )
)

export const rows = Number(process.env['ATTUNE_BENCH_ROWS'] ?? 8)
export const time = 128
export const labels = 3
export const threads = 2
export const learningRate = 1e-4
export const maxGradNorm = 1
/** LoRA r 8, alpha 16 on query and value, as PEFT defaults to for BERT. */
export const rank = 8
export const alpha = 16

/** What a side says when it is ready. */
export interface Ready {
  readonly ready: true
  readonly pid: number
  /** Operations of one step's matrix products, as that side computes it. */
  readonly flop: number
  readonly about: string
}

/** What a side says after `k` steps. */
export interface Ran {
  readonly milliseconds: readonly number[]
  /** Processor time of all threads, seconds. */
  readonly cpuSeconds: number
  readonly loss: number
  /** Of ours, milliseconds of each step's forward and backward pass, norm and update. */
  readonly parts?: readonly (readonly number[])[]
}
