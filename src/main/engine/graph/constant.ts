import { GraphError } from '../../base/errors.ts'
import type { ConstantData, Value } from './types.ts'

/** The numbers of a constant value. Throws where the value is not a constant. */
export function constantOf(op: string, value: Value): ConstantData {
  if (value.source.kind !== 'constant') throw new GraphError(`${op}: ${value.name} must be a constant`)
  return value.source.data
}
