import type { RunDraft } from '../../../preload/contract/runs.ts'
import type { DraftsApi } from '../../../preload/contract/drafts.ts'
import type { Drafts } from '../../services/drafts.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasetId, draft as schema, runDraft } from '../parse.ts'

export interface DraftServices {
  readonly drafts: Drafts
}

export const draftsRoutes = ({ drafts }: DraftServices): Routes<DraftsApi> =>
  defineRoutes<DraftsApi>({
    get: (dataset) => readDraft(drafts.find(datasetId(dataset))),
    keep: (draft) => {
      const checked = runDraft(draft)
      drafts.put(checked.dataset, JSON.stringify(checked))
    }
  })

/** What another version of Attune wrote may be no draft of this one. */
export const readDraft = (content: string | null): RunDraft | null =>
  content === null ? null : (schema.safeParse(JSON.parse(content)).data ?? null)
