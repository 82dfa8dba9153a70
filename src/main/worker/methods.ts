import { bitfit } from '../engine/peft/bitfit/index.ts'
import type { PeftMethod } from '../engine/peft/define-method.ts'
import { full } from '../engine/peft/full/index.ts'
import { head } from '../engine/peft/head/index.ts'
import { lastN } from '../engine/peft/last-n/index.ts'
import { lora } from '../engine/peft/lora/index.ts'
import type { RunConfig } from '../config/config-types.ts'

const methods = { full, head, last_n: lastN, bitfit, lora }

/** The method that run.yaml names, with its options. */
export function methodOf({ method }: RunConfig): { readonly method: PeftMethod<unknown>; readonly options: unknown } {
  const { type, ...options } = method
  // Each method's options were read against that method's own declaration.
  return { method: methods[type] as PeftMethod<unknown>, options }
}
