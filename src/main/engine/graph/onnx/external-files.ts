import { decodeModel } from './read-model.ts'
import { outsideFiles } from './stored-tensor.ts'

/**
 * Names of the files that an ONNX model of whatever operators keeps its weights in.
 * @throws InputError where the bytes are no model, or a file would not lie beside it
 */
export function externalFiles(model: Uint8Array): ReadonlySet<string> {
  const graph = decodeModel(model).graph
  const inNodes =
    graph?.node.flatMap(({ attribute }) => attribute.flatMap(({ t, tensors }) => (t ? [t, ...tensors] : tensors))) ?? []
  return new Set([...(graph?.initializer ?? []), ...inNodes].flatMap(outsideFiles))
}
