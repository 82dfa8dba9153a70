import { words } from '../lib/words/index.ts'
import { hrefTo, type Screen } from '../router.svelte.ts'
import type { AppState } from '../state/app.svelte.ts'

export interface Command {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly href: string
}

const SCREENS: readonly Screen[] = ['home', 'projects', 'data', 'train', 'runs', 'use', 'library', 'settings']

/** Every place, run, table and model by name. */
export function commandsOf(app: AppState): readonly Command[] {
  const of = (kind: string, id: string, name: string, href: string): Command => ({ id: `${kind} ${id}`, kind, name, href })
  const { shell, settings, library, serving } = words
  return [
    ...SCREENS.map((screen) => of(shell.command, screen, shell[screen], hrefTo(screen))),
    of(shell.command, 'privacy', settings.privacy, hrefTo('settings', 'privacy')),
    of(shell.command, 'appearance', settings.appearance, hrefTo('settings', 'appearance')),
    of(shell.command, 'get', library.get, hrefTo('library', 'get')),
    of(shell.command, 'programs', serving.open, hrefTo('use', 'programs')),
    ...(app.runs.value ?? []).map((run) => of(shell.openRun, run.id, run.name, hrefTo('runs', run.id))),
    ...(app.datasets.value ?? []).map((one) => of(shell.openDataset, one.id, one.name, hrefTo('data', one.id))),
    ...(app.models.value ?? []).map((one) => of(shell.openModel, one.id, one.name, hrefTo('library', 'models', one.id)))
  ]
}

/** A list of commands narrowed by what is typed, with one of them under the cursor. */
export class PaletteState {
  #query = $state('')
  #at = $state(0)
  readonly #all: readonly Command[]
  readonly found = $derived.by(() => {
    const query = this.#query.trim().toLowerCase()
    return this.#all.filter(({ kind, name }) => `${kind} ${name}`.toLowerCase().includes(query)).slice(0, 50)
  })
  readonly current = $derived.by(() => this.found[this.#at])

  constructor(all: readonly Command[]) {
    this.#all = all
  }

  get query(): string {
    return this.#query
  }

  set query(next: string) {
    this.#query = next
    this.#at = 0
  }

  move(by: number): void {
    const { length } = this.found
    if (length > 0) this.#at = (this.#at + by + length) % length
  }
}
