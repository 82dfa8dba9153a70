import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type * as Ort from 'onnxruntime-node'
import { assert, defined } from '../../../base/assert.ts'
import { StoppedError } from '../../../base/errors.ts'
import { elementTypes } from '../element-types.ts'
import { HostState } from '../host-state.ts'
import type { ElementType, HostTensor, Program, ProgramSpec, RunRequest } from '../port.ts'
import { runError } from '../run-error.ts'
import { Serial } from '../serial.ts'
import { checkRequest, hostStateOf, hostTensorOf } from '../signature.ts'
import type { Signature, Slot } from '../signature.ts'

/** A session of onnxruntime-node. A run blocks the event loop; `signal` is looked at before it starts, never during it. */
export class BindingProgram implements Program {
  readonly name: string
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly #ort: typeof Ort
  readonly #session: Ort.InferenceSession
  readonly #signature: Signature
  readonly #serial = new Serial()
  readonly #onDispose: (program: BindingProgram) => void
  #profile: string | undefined
  #disposed = false

  constructor(ort: typeof Ort, session: Ort.InferenceSession, spec: ProgramSpec, onDispose: (program: BindingProgram) => void) {
    this.name = spec.name
    this.#ort = ort
    this.#session = session
    this.#profile = spec.profile
    this.#onDispose = onDispose
    this.#signature = {
      program: spec.name,
      inputs: session.inputMetadata.map(slotOf),
      outputs: session.outputMetadata.map(slotOf)
    }
    this.inputNames = session.inputNames
    this.outputNames = session.outputNames
  }

  run(request: RunRequest): Promise<Readonly<Record<string, HostTensor>>> {
    return this.#serial.run(() => this.#run(request))
  }

  endProfile(): Promise<string | undefined> {
    return this.#serial.run(async () => {
      const prefix = this.#profile
      if (prefix === undefined || this.#disposed) return undefined
      this.#profile = undefined
      this.#session.endProfiling()
      // The binding does not say what it wrote: the newest file with the prefix (names end in the time).
      const names = (await readdir(dirname(prefix))).filter((name) => name.startsWith(basename(prefix))).sort()
      const name = names.at(-1)
      return name === undefined ? undefined : join(dirname(prefix), name)
    })
  }

  dispose(): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#disposed) return
      this.#disposed = true
      await this.#session.release()
      this.#onDispose(this)
    })
  }

  async #run(request: RunRequest): Promise<Readonly<Record<string, HostTensor>>> {
    assert(!this.#disposed, `the program "${this.name}" was run after it was disposed`)
    if (request.signal?.aborted === true) throw new StoppedError()
    checkRequest(this.#signature, request)
    const feeds: Record<string, Ort.Tensor> = {}
    for (const name of this.inputNames) feeds[name] = this.#tensorOf(defined(request.inputs[name], 'checked input'))
    const fetches: Record<string, Ort.Tensor | null> = {}
    for (const name of request.fetch ?? []) fetches[name] = null
    for (const [name, state] of Object.entries(request.outputs ?? {})) {
      // The binding writes into a tensor that it is given (and then copies it into a new one, which is dropped): one copy fewer than doing without.
      fetches[name] = this.#tensorOf(hostStateOf(this.name, name, state))
    }
    const results = await this.#call(feeds, fetches)
    return Object.fromEntries((request.fetch ?? []).map((name) => [name, hostTensorFrom(name, defined(results[name], name))]))
  }

  async #call(
    feeds: Record<string, Ort.Tensor>,
    fetches: Record<string, Ort.Tensor | null>
  ): Promise<Ort.InferenceSession.ReturnType> {
    try {
      return await this.#session.run(feeds, fetches)
    } catch (error) {
      throw runError(this.name, error)
    }
  }

  #tensorOf(tensor: RunRequest['inputs'][string]): Ort.Tensor {
    const { type, shape, data } = tensor instanceof HostState ? tensor : hostTensorOf(tensor)
    assert(type !== 'bfloat16', 'bfloat16 cannot cross the binding') // The binding refuses to load such graphs.
    // Tensor's typings pair each type with its array; checkRequest and HostState have already seen to that.
    const made = new this.#ort.Tensor(type, data as never, shape)
    // Where the engine has Float16Array, the wrapper makes one and the binding finds it too short (ort-facts §1.5): show it the bits instead.
    if (type === 'float16') Object.defineProperty(made, 'data', { value: data })
    return made
  }
}

function slotOf(metadata: Ort.InferenceSession.ValueMetadata): Slot {
  const { name } = metadata
  if (!metadata.isTensor) throw new Error(`"${name}" is not a tensor`)
  // An empty name stands for an unnamed, unknown length.
  return {
    name,
    type: crossing(name, metadata.type),
    dimensions: metadata.shape.map((length) => (length === '' ? undefined : length))
  }
}

function crossing(name: string, type: string): ElementType {
  if (!isElementType(type)) throw new Error(`"${name}" has an element type that cannot leave the library (${type})`)
  return type
}

function isElementType(type: string): type is ElementType {
  return Object.hasOwn(elementTypes, type)
}

function hostTensorFrom(name: string, tensor: Ort.Tensor): HostTensor {
  const type = crossing(name, tensor.type)
  const { data } = tensor
  // A fetched tensor lies in an ArrayBuffer of its own (ort-facts §1.4); strings were refused with the metadata.
  assert(typeof data === 'object' && ArrayBuffer.isView(data), `"${name}" came back as texts`)
  assert(data.buffer instanceof ArrayBuffer, `"${name}" came back in shared memory`)
  return { type, shape: tensor.dims, data: elementTypes[type].view(data.buffer, data.byteOffset, tensor.size) }
}
