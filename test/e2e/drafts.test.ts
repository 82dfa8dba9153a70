import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft } from '../../src/preload/contract/runs.ts'
import { openTestApplication } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-drafts-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What `use` does with a page of the application, which is then closed. */
async function opened<T>(use: (page: TestPage) => Promise<T>): Promise<T> {
  const application = await openTestApplication(folder)
  try {
    return await use(await TestPage.open(application.shell))
  } finally {
    await application.dispose()
  }
}

test('what was chosen for a run is there after a restart, for its own data only', async () => {
  const draft = await opened(async (page): Promise<RunDraft> => {
    const dataset = await page.call<DatasetSummary>('data:openSample', 'letters')
    const [model] = await page.call<readonly ModelSummary[]>('models:list')
    expect(await page.call('drafts:get', dataset.id)).toBeNull()
    const chosen = { dataset: dataset.id, model: model!.id, thoroughness: 4, changed: { 'method.r': 16 }, mustNotMiss: 'urgent' }
    const draft: RunDraft = { ...chosen, quietly: true, name: null }
    await page.call('drafts:keep', { ...draft, thoroughness: 1 })
    await page.call('drafts:keep', draft)
    await expect(page.call('drafts:keep', { ...draft, thoroughness: 9 })).rejects.toThrow(/^bad-request/)
    return draft
  })
  await opened(async (page) => {
    expect(await page.call('drafts:get', draft.dataset)).toEqual(draft)
    await expect(page.call('drafts:get', 'd-another')).rejects.toThrow(/^dataset-gone/)
    await expect(page.call('drafts:keep', { ...draft, dataset: 'd-another' })).rejects.toThrow(/^dataset-gone/)
    await page.call('data:remove', draft.dataset)
    await expect(page.call('drafts:get', draft.dataset)).rejects.toThrow(/^dataset-gone/)
  })
})
