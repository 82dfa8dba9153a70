import { shown } from '../base/wording.ts'
import type { Inputs } from '../data/dataset.ts'
import type { TrainerEvent } from './protocol.ts'

/** Says that answers are named by lines where the file has no ids as the training data had. */
export function tellNames({ ids }: Pick<Inputs, 'ids'>, id: string | null, emit: (event: TrainerEvent) => void): void {
  if (ids !== null || id === null) return
  const message = `The file has no column ${shown(id)}, so that each answer is named by its line in the file.`
  emit({ event: 'note', code: 'ids_missing', message })
}
