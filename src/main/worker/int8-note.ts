import { counted } from '../base/wording.ts'
import { int8Cost, type Int8Cost } from '../engine/training/int8-cost.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { TextRunInput } from '../engine/training/text-run-input.ts'
import { percent } from '../report/numbers.ts'

/**
 * Measures what `training.frozen_weights: int8` costs in accuracy, and tells it. `isFresh` as for {@link int8Cost}.
 * @returns the cost; null where frozen weights stay in float32
 */
export async function noteInt8(
  run: TextRun,
  input: TextRunInput,
  isFresh: boolean,
  onNote: (code: string, message: string) => void
): Promise<Int8Cost | null> {
  if (input.settings.frozenWeights !== 'int8') return null
  const cost = await int8Cost(run, input, isFresh)
  if (cost === null) onNote('int8-idle', idle)
  else onNote('int8-cost', costSentence(cost, isFresh))
  return cost
}

const idle =
  'training.frozen_weights: int8 changes nothing in this run: its frozen layers are computed once, before training, in float32 (training.cache.prefix), or there are none.'

function costSentence({ sequences, relative, changed }: Int8Cost, isFresh: boolean): string {
  const when = isFresh ? 'Before training' : 'With the weights so far'
  const classes = changed === null ? '' : ` ${counted(changed.count, 'answer')} of ${changed.of} become another class.`
  return `Frozen layers compute forward in 8 bits while training. ${when} that moves what the model says to ${counted(sequences, 'text')} by ${percent(relative)} of its spread.${classes} Validation, test and exports are in float32.`
}
