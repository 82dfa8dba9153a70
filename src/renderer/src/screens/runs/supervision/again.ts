import type { RunId } from '../../../../../preload/contract/common.ts'
import type { RunDraft } from '../../../../../preload/contract/runs.ts'
import { copy } from '../../../lib/copy.ts'
import { words } from '../../../lib/words/index.ts'
import { hrefTo } from '../../../router.svelte.ts'
import type { getApp } from '../../../state/app.svelte.ts'

type App = ReturnType<typeof getApp>

/** Opens Train with what this run was started with; what became of its data or model since is said instead. */
export async function trainAgain(app: App, id: RunId, more: RunDraft['changed'] = {}): Promise<void> {
  await app.attempt(async () => {
    const { draft, problem } = await app.api.supervision.origin(id)
    if (problem !== null) throw new Error(problem)
    if (draft === null) throw new Error(words.supervision.againUnknown)
    app.drafts.set(draft.dataset, { ...draft, changed: { ...draft.changed, ...more }, name: null })
    app.router.go(hrefTo('train', draft.dataset))
  })
}

/** Opens Train with what this run was started with and a learning curve, which says what more labels would buy. */
export function askForCurve(app: App, id: RunId): Promise<void> {
  return trainAgain(app, id, { 'data.learning_curve': true })
}

/** Copies what this run was started with, for the command line. */
export async function copyRunYaml(app: App, id: RunId): Promise<void> {
  await app.attempt(async () => {
    await copy(await app.api.supervision.yaml(id))
    app.tell(words.common.copied)
  })
}
