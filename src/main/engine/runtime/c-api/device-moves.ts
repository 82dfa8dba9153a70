import { defined } from '../../../base/assert.ts'
import { lazy } from '../../../base/lazy.ts'
import type { HostTensor } from '../port.ts'
import type { DeviceState } from './device-state.ts'
import type { CApiProgram } from './program.ts'

/**
 * Programs that move float32 between host and device, as test/helpers/tiny-onnx.ts encodes them (a test compares them): `y[n] = Identity(x[n])`,
 * `y = Expand(0, shape)` and `y = Slice(x[n], starts, ends)`. A session knows how to copy to and from its provider's memory, whichever it is.
 */
export const moveModels = {
  copy: 'CAk6PAoQCgF4EgF5IghJZGVudGl0eRIEdGlueVoQCgF4EgsKCQgBEgUKAxIBbmIQCgF5EgsKCQgBEgUKAxIBbkICEBJCEQoNY29tLm1pY3Jvc29mdBAB',
  fill: 'CAk6WQoYCgR6ZXJvCgVzaGFwZRIBeSIGRXhwYW5kEgR0aW55KhAIARABQgR6ZXJvSgQAAAAAWhMKBXNoYXBlEgoKCAgHEgQKAggBYhAKAXkSCwoJCAESBQoDEgFuQgIQEkIRCg1jb20ubWljcm9zb2Z0EAE=',
  part: 'CAk6cQobCgF4CgZzdGFydHMKBGVuZHMSAXkiBVNsaWNlEgR0aW55WhAKAXgSCwoJCAESBQoDEgFuWhQKBnN0YXJ0cxIKCggIBxIECgIIAVoSCgRlbmRzEgoKCAgHEgQKAggBYhAKAXkSCwoJCAESBQoDEgFtQgIQEkIRCg1jb20ubWljcm9zb2Z0EAE='
} as const

/** Moves numbers to and from states that lie on the device. */
export class DeviceMoves {
  readonly #copy: CApiProgram
  readonly #fill: () => Promise<CApiProgram>
  readonly #part: () => Promise<CApiProgram>
  /** Programs opened so far. */
  readonly #opened: Promise<CApiProgram>[] = []

  /** `open` makes the program of a move that is needed for the first time. */
  constructor(copy: CApiProgram, open: (name: Exclude<keyof typeof moveModels, 'copy'>) => Promise<CApiProgram>) {
    const once = (name: 'fill' | 'part'): (() => Promise<CApiProgram>) =>
      lazy(() => {
        const program = open(name)
        this.#opened.push(program)
        return program
      })
    this.#copy = copy
    this.#fill = once('fill')
    this.#part = once('part')
  }

  /** Overwrites a state of one dimension. */
  async put(state: DeviceState, data: Float32Array<ArrayBuffer>): Promise<void> {
    const x: HostTensor = { type: 'float32', shape: [data.length], data }
    await this.#copy.run({ inputs: { x }, outputs: { y: state } })
  }

  async get(state: DeviceState): Promise<Float32Array<ArrayBuffer>> {
    const { y } = await this.#copy.run({ inputs: { x: state }, fetch: ['y'] })
    return floatsOf(y)
  }

  /** `length` elements of a state of one dimension from `offset` on. */
  async getPart(state: DeviceState, offset: number, length: number): Promise<Float32Array<ArrayBuffer>> {
    if (length === state.size) return this.get(state)
    const inputs = { x: state, starts: index(offset), ends: index(offset + length) }
    const { y } = await (await this.#part()).run({ inputs, fetch: ['y'] })
    return floatsOf(y)
  }

  /** Sets a state of one dimension to zero. */
  async fill(state: DeviceState): Promise<void> {
    await (await this.#fill()).run({ inputs: { shape: index(state.size) }, outputs: { y: state } })
  }

  async dispose(): Promise<void> {
    for (const program of [this.#copy, ...this.#opened]) await (await program).dispose()
  }
}

const index = (value: number): HostTensor => ({ type: 'int64', shape: [1], data: BigInt64Array.of(BigInt(value)) })

// The programs' outputs are float32.
const floatsOf = (tensor: HostTensor | undefined): Float32Array<ArrayBuffer> =>
  defined(tensor, 'moved numbers').data as Float32Array<ArrayBuffer>
