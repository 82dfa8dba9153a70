import type { SettingRow } from '../../../../preload/contract/runs.ts'

/** The settings that the slider moves, by the last part of their path, and what the person reads beside them. */
const SHOWN: Readonly<Record<string, string>> = {
  type: 'method',
  scheme: 'tags',
  r: 'rank',
  num_train_epochs: 'epochs',
  learning_rate: 'learning rate',
  per_device_train_batch_size: 'batch',
  max_length: 'tokens'
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** What a setting is called beside the slider and on a button. */
export const nameOf = (path: string): string => SHOWN[lastOf(path)] ?? lastOf(path)

/** The few settings that stand beside the slider, in the order above. */
export function chosenSettings(rows: readonly SettingRow[]): readonly (SettingRow & { readonly name: string })[] {
  const isShown = ({ path }: SettingRow): boolean => {
    const last = lastOf(path)
    return last in SHOWN && (last !== 'type' || path === 'method.type')
  }
  const order = Object.keys(SHOWN)
  return rows
    .filter(isShown)
    .map((row) => ({ ...row, name: nameOf(row.path) }))
    .toSorted((a, b) => order.indexOf(lastOf(a.path)) - order.indexOf(lastOf(b.path)))
}
