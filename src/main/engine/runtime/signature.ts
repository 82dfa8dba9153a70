import { assert } from '../../base/assert.ts'
import { arrayNameOf, holds, showShape, sizeOf } from './element-types.ts'
import { HostState } from './host-state.ts'
import type { ElementType, HostTensor, RunRequest, StateTensor } from './port.ts'

/** What a program declares of one input or output. A dimension is a length, a name, or unknown. */
export interface Slot {
  readonly name: string
  readonly type: ElementType
  readonly dimensions: readonly (number | string | undefined)[]
}

/** A program's inputs and outputs, in the graph's order. */
export interface Signature {
  readonly program: string
  readonly inputs: readonly Slot[]
  readonly outputs: readonly Slot[]
}

/** A named dimension's length in this run, and the tensor that fixed it. */
type Lengths = Map<string, { readonly length: number; readonly by: string }>

/**
 * Checks a request against what the graph declares, before any pointer reaches the library: every input is there, nothing is unknown, types, ranks
 * and fixed lengths agree, a named dimension has one length among the inputs, and host data has as many elements as its shape says.
 * `owns` tells the runtime's own state from other tensors.
 * @throws Error that names the program, the input or output, and both sides.
 */
export function checkRequest(signature: Signature, request: RunRequest, owns = isHostState): void {
  const lengths: Lengths = new Map()
  const { inputs, outputs = {}, fetch = [] } = request
  for (const slot of signature.inputs) {
    const tensor = inputs[slot.name]
    if (tensor === undefined)
      throw new Error(`Program "${signature.program}" needs the input "${slot.name}" ${showSlot(slot)}, which is missing.`)
    checkTensor(signature.program, 'input', slot, tensor)
    checkNamedLengths(signature.program, slot, tensor, lengths)
    if (!owns(tensor)) checkHostData(signature.program, slot.name, tensor)
  }
  if (Object.keys(inputs).length !== signature.inputs.length) throwUnknown(signature, 'input', Object.keys(inputs))
  checkOutputs(signature, outputs, fetch, owns)
}

const isHostState = (tensor: HostTensor | StateTensor): boolean => tensor instanceof HostState

function checkOutputs(
  signature: Signature,
  states: Readonly<Record<string, StateTensor>>,
  fetch: readonly string[],
  owns: typeof isHostState
): void {
  const { program } = signature
  for (const [name, tensor] of Object.entries(states)) {
    checkTensor(program, 'output', slotOf(signature, name), tensor)
    if (!owns(tensor)) throwForeign(program, name)
    if (fetch.includes(name))
      throw new Error(`Program "${program}": the output "${name}" is asked for both as state and as a result.`)
    // The library hands such an output the input's own memory and leaves the state as it was (measured).
    if (signature.inputs.some((input) => input.name === name))
      throw new Error(
        `Program "${program}": the output "${name}" is an input passed on; it needs an Identity node to be written to state.`
      )
  }
  for (const name of fetch) slotOf(signature, name)
  if (new Set(fetch).size !== fetch.length)
    throw new Error(`Program "${program}": an output is fetched twice: "${fetch.join('", "')}".`)
  if (fetch.length === 0 && Object.keys(states).length === 0)
    throw new Error(`Program "${program}" was run without asking for any output.`)
}

function slotOf(signature: Signature, name: string): Slot {
  return signature.outputs.find((slot) => slot.name === name) ?? throwUnknown(signature, 'output', [name])
}

function checkTensor(program: string, role: 'input' | 'output', slot: Slot, tensor: HostTensor | StateTensor): void {
  if (tensor.type === slot.type && fits(slot, tensor.shape)) return
  throw new Error(
    `Program "${program}": the ${role} "${slot.name}" is ${showSlot(slot)}, but was given ${tensor.type}${showShape(tensor.shape)}.`
  )
}

function fits(slot: Slot, shape: readonly number[]): boolean {
  const { dimensions } = slot
  if (shape.length !== dimensions.length) return false
  for (let i = 0; i < shape.length; i++) {
    const declared = dimensions[i]
    if (typeof declared === 'number' && declared !== shape[i]) return false
  }
  return true
}

function checkNamedLengths(program: string, slot: Slot, tensor: HostTensor | StateTensor, lengths: Lengths): void {
  for (let i = 0; i < slot.dimensions.length; i++) {
    const name = slot.dimensions[i]
    const length = tensor.shape[i]
    if (typeof name !== 'string' || length === undefined) continue
    const known = lengths.get(name)
    if (known === undefined) lengths.set(name, { length, by: slot.name })
    else if (known.length !== length)
      throw new Error(
        `Program "${program}": the input "${slot.name}" is ${showSlot(slot)}, but was given ${tensor.type}${showShape(tensor.shape)}: ` +
          `"${known.by}" made "${name}" ${known.length}.`
      )
  }
}

function checkHostData(program: string, name: string, tensor: HostTensor | StateTensor): void {
  if (!('data' in tensor)) return throwForeign(program, name)
  if (!holds(tensor.type, tensor.data))
    throw new Error(
      `Program "${program}": the input "${name}" is ${tensor.type}, held in ${arrayNameOf(tensor.type)}, not ${tensor.data.constructor.name}.`
    )
  if (tensor.data.length !== sizeOf(tensor.shape))
    throw new Error(
      `Program "${program}": the input "${name}" has the shape ${showShape(tensor.shape)}, but ${tensor.data.length} elements.`
    )
}

function throwUnknown(signature: Signature, role: 'input' | 'output', names: readonly string[]): never {
  const known = (role === 'input' ? signature.inputs : signature.outputs).map((slot) => slot.name)
  const unknown = names.filter((name) => !known.includes(name))
  throw new Error(`Program "${signature.program}" has no ${role} "${unknown.join('", "')}"; it has "${known.join('", "')}".`)
}

function showSlot(slot: Slot): string {
  return `${slot.type}${showShape(slot.dimensions)}`
}

/** The state behind a port tensor. @throws Error when it belongs to a runtime whose memory is elsewhere. */
export function hostStateOf(program: string, name: string, tensor: HostTensor | StateTensor): HostState {
  if (tensor instanceof HostState) return tensor
  return throwForeign(program, name)
}

function throwForeign(program: string, name: string): never {
  throw new Error(`Program "${program}": "${name}" is not state of this runtime.`)
}

/** A checked input that is not state. */
export function hostTensorOf(tensor: HostTensor | StateTensor): HostTensor {
  assert('data' in tensor, 'an input is neither state nor host data')
  return tensor
}
