import { words } from '../lib/words/index.ts'
import type { Place } from '../router.svelte.ts'
import type { AppState } from './app.svelte.ts'

/** What the top bar calls the place: its project and the data or the run where one is open, else the screen. */
export function placeName({ screen, rest }: Place, app: AppState): string {
  const id = rest[0]
  const run = app.runs.value?.find((one) => one.id === id)
  const dataset = app.datasets.value?.find((one) => one.id === id)
  if (screen === 'home') return ''
  const name = run?.name ?? dataset?.name
  if (name === undefined) return words.shell[screen]
  const project = app.projects.value?.find((one) => one.id === (run ?? dataset)?.project)
  return project === undefined ? `${words.shell[screen]} › ${name}` : `${project.name} › ${name}`
}
