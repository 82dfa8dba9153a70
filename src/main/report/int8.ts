import type { RunResult } from '../../preload/contract/runs.ts'
import { counted } from '../base/wording.ts'
import { percent } from './numbers.ts'
import { count, number, object, oneOf, optional, orNull, truth, type Check } from './shape.ts'

/** What computing frozen layers forward in 8 bits changed, as measured before training. */
export interface Int8Facts {
  /** Texts, or pieces of texts, that were looked at, and the rows that they are of. */
  readonly sequences: number
  readonly part: 'train' | 'validation'
  /** What `relative` is of: the difference of the logits over their spread, or that of the loss over the loss. */
  readonly measure: 'logits' | 'loss'
  readonly relative: number
  /** Answers, and those of them that become another class; null where answers are no single classes. */
  readonly changed: { readonly of: number; readonly count: number } | null
  /** Whether the weights were the run's first ones; not so where it went on from a checkpoint. */
  readonly isFresh: boolean
}

const facts = object<Int8Facts>({
  sequences: count,
  part: oneOf('train', 'validation'),
  measure: oneOf('logits', 'loss'),
  relative: number,
  changed: orNull(object<NonNullable<Int8Facts['changed']>>({ of: count, count })),
  isFresh: truth
})

/** Only runs that trained over layers in 8 bits have them. */
export const checkInt8: Check = optional(facts)

/** What a plan and a run's log say of it. */
export function int8Note(facts: Int8Facts): string {
  const { sequences, measure, relative, changed, isFresh } = facts
  const texts = counted(sequences, 'text')
  const moves =
    measure === 'loss'
      ? `the loss on ${texts} by ${percent(relative)}`
      : `what the model says to ${texts} by ${percent(relative)} of its spread`
  const classes =
    changed === null
      ? ''
      : ` ${counted(changed.count, 'answer')} of ${changed.of} ${changed.count === 1 ? 'becomes' : 'become'} another class.`
  const when = isFresh ? 'Before training' : 'With the weights so far'
  return `Frozen layers compute forward in 8 bits while training. ${when} that moves ${moves}.${classes} Validation, test and exports are in float32.`
}

/** What the result of such a run says of it: in one sentence what was measured, on which rows and against what. */
export function int8Result({ sequences, part, measure, relative, changed, isFresh }: Int8Facts): NonNullable<RunResult['int8']> {
  const texts = counted(sequences, part === 'validation' ? 'validation text' : 'training text')
  const by = percent(relative)
  const moved =
    measure === 'loss'
      ? `the loss on ${texts} by ${by} from float32`
      : `the answers to ${texts} by ${by} of their spread from float32`
  const classes =
    changed === null ? '' : `, and ${changed.count === 0 ? 'none' : changed.count} of ${changed.of} became another class`
  const when = isFresh ? 'before training' : 'with the weights it went on from'
  return {
    tone: (changed?.count ?? 0) > 0 ? 'look' : 'fyi',
    sentence: `Trained with frozen layers in 8 bits: ${when}, that moved ${moved}${classes}; everything on this page is in float32.`
  }
}
