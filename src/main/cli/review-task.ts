import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { dataFolderPath } from '../shell/data-folder.ts'
import type { TrainerTask } from '../worker/protocol.ts'

/** What `attune review` asks of the trainer. @throws InputError for a status that there is not */
export function reviewTask(folder: string, values: ReadonlyMap<string, string>): TrainerTask {
  const status = values.get('status')
  if (status !== 'reviewed' && status !== 'retired')
    throw new InputError('usage', `--status cannot be ${shown(status ?? '')}. It is reviewed or retired.`)
  const [name = '', note = ''] = [values.get('name'), values.get('note')]
  return { kind: 'review', folder, status, name, note, keyFolder: join(dataFolderPath(), 'signing') }
}
