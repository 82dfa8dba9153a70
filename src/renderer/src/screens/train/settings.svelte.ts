import type { SettingRow } from '../../../../preload/contract/runs.ts'
import type { TrainState } from './train.svelte.ts'

/** All settings in their groups, narrowed by what is searched for. */
export class SettingsState {
  query = $state('')
  changedOnly = $state(false)
  readonly #train: TrainState
  readonly groups = $derived.by((): readonly (readonly [string, readonly SettingRow[]])[] => {
    const query = this.query.trim().toLowerCase()
    const rows = (this.#train.settings.value ?? []).filter(
      (row) => (!this.changedOnly || row.changed) && `${row.path} ${row.help}`.toLowerCase().includes(query)
    )
    return [...Map.groupBy(rows, ({ group }) => group)]
  })

  constructor(train: TrainState) {
    this.#train = train
  }

  /** Takes over what was typed; words where a number belongs are left to main to refuse in its own sentence. */
  enter({ path, kind }: SettingRow, typed: string): void {
    const text = typed.trim()
    const isNumber = kind === 'integer' || kind === 'decimal'
    const number = Number(text)
    if (text === '') this.#train.set(path, null)
    else this.#train.set(path, isNumber && !Number.isNaN(number) ? number : text)
  }
}
