import { InputError } from '../../../base/errors.ts'

/** A name from a file, cut to a length that a sentence can hold. */
export const short = (name: string): string => (name.length <= 80 ? name : `${name.slice(0, 77)}…`)

/** The error for an ONNX file that cannot be used. `problem` is a whole sentence. */
export function malformed(problem: string, tensor?: string, cause?: unknown): InputError {
  const where = tensor === undefined ? {} : { tensor: short(tensor) }
  return new InputError(
    'onnx-malformed',
    `${problem} Ask for the complete, original model.`,
    where,
    cause === undefined ? undefined : { cause }
  )
}

/** The error for an ONNX file that is whole but holds something Attune does not know. `problem` is a whole sentence. */
export function unsupported(problem: string): InputError {
  return new InputError(
    'onnx-unsupported',
    `${problem} Export the model again with opset 18 and the operators that Attune lists.`
  )
}
