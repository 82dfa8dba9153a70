import type { TrainerTask } from '../worker/protocol.ts'

/** `attune import ADAPTER --model FOLDER --out FOLDER`. */
export function importTask(folder: string, values: ReadonlyMap<string, string>, switches: ReadonlySet<string>): TrainerTask {
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
