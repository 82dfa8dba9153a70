import { words } from '../lib/words/index.ts'
import type { Place } from '../router.svelte.ts'
import type { AppState } from './app.svelte.ts'

/** What the top bar calls the place: the data or the run where one is open, else the screen. */
export function placeName({ screen, rest }: Place, app: AppState): string {
  const id = rest[0]
  const run = app.runs.value?.find((one) => one.id === id)
  const dataset = app.datasets.value?.find((one) => one.id === id)
  if (screen === 'home') return ''
  const name = run?.name ?? dataset?.name
  return name === undefined ? words.shell[screen] : `${words.shell[screen]} › ${name}`
}
