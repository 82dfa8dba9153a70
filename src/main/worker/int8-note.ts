import { int8Cost } from '../engine/training/int8-cost.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { TextRunInput } from '../engine/training/text-run-input.ts'
import { int8Note, type Int8Facts } from '../report/int8.ts'

/**
 * Measures what `training.frozen_weights: int8` costs in accuracy, and tells it. `isFresh` as for {@link int8Cost}.
 * @returns the cost; null where frozen weights stay in float32
 */
export async function noteInt8(
  run: TextRun,
  input: TextRunInput,
  isFresh: boolean,
  onNote: (code: string, message: string) => void
): Promise<Int8Facts | null> {
  if (input.settings.frozenWeights !== 'int8') return null
  const cost = await int8Cost(run, input, isFresh)
  if (cost === null) {
    onNote('int8-idle', idle)
    return null
  }
  const facts = { ...cost, isFresh }
  onNote('int8-cost', int8Note(facts))
  return facts
}

const idle =
  'training.frozen_weights: int8 changes nothing in this run: its frozen layers are computed once, before training, in float32 (training.cache.prefix), or there are none.'
