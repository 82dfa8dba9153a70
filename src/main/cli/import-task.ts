import { InputError } from '../base/errors.ts'
import type { TrainerTask } from '../worker/protocol.ts'

/** `attune import ADAPTER --model FOLDER --out FOLDER`. @throws InputError where one of the two is not named */
export function importTask(folder: string, values: ReadonlyMap<string, string>, switches: ReadonlySet<string>): TrainerTask {
  for (const flag of ['model', 'out'])
    if (!values.has(flag)) throw new InputError('usage', `attune import of an adapter needs --${flag} FOLDER.`)
  const labels = (values.get('labels') ?? '')
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '')
  return {
    kind: 'import-adapter',
    folder,
    modelFolder: values.get('model') ?? '',
    labels,
    isMultiLabel: switches.has('multi-label') ? true : null,
    text: values.get('text') ?? 'text',
    outFolder: values.get('out') ?? '',
    createdAt: new Date().toISOString()
  }
}
