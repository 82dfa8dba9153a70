import type { InputKind, InputSpec, InputSpecs, InputsOf, OpDefinition } from '../graph/define-op.ts'
import type { Ops } from '../graph/operations.ts'
import type { Attributes, Node, Value } from '../graph/types.ts'

export interface RuleContext<I extends InputSpecs, A> {
  /** Where the gradient's nodes go. */
  readonly g: Ops
  readonly inputs: InputsOf<I>
  readonly outputs: readonly Value[]
  readonly attributes: A
  /** Gradient of the first output. */
  readonly dY: Value
  readonly walk: Walk
}

/** What a rule may ask of the walk that it is part of. */
export interface Walk {
  /** The nodes of the forward pass that read a value. */
  readonly readersOf: (value: Value) => readonly Node[]
  /** The gradient of a value that the walk has left behind; null where none reached it. */
  readonly gradientOf: (value: Value) => Value | null
}

/**
 * A thunk for every float input, so that a forgotten one does not compile; none for indices and booleans. Only the thunks that are needed are
 * called. Their results may still have the broadcast shape: the walk sums them back.
 */
export type Thunks<I extends InputSpecs> = {
  readonly [K in keyof I as I[K] extends InputSpec<'float', boolean, false> ? K : never]: () => Value
} & {
  readonly [K in keyof I as I[K] extends InputSpec<'any', boolean, false> ? K : never]?: () => Value
} & {
  readonly [K in keyof I as I[K] extends InputSpec<InputKind, boolean, true> ? K : never]: (position: number) => Value
} & {
  readonly [K in keyof I as I[K] extends InputSpec<'index' | 'bool', boolean, false> ? K : never]?: never
}

export interface Rule {
  readonly op: OpDefinition
  readonly gradient: (
    context: RuleContext<InputSpecs, Attributes>
  ) => Readonly<Record<string, ((position: number) => Value) | undefined>>
}

/** Declares how gradients flow through one op. Write the formula above it. */
export function defineRule<I extends InputSpecs, A extends Attributes>(
  op: OpDefinition<I, A>,
  gradient: (context: RuleContext<I, A>) => Thunks<I>
): Rule {
  // The walk hands over inputs that nameInputs has checked against this very declaration.
  return { op, gradient } as unknown as Rule
}
