import type { AdaptersApi } from '../../../preload/contract/adapters.ts'
import type { AdapterId } from '../../../preload/contract/common.ts'
import type { Attribution } from '../../../preload/contract/results.ts'
import type { Answer } from '../../../preload/contract/runs.ts'
import type { Adapters } from '../../library/adapters.ts'
import type { Journal } from '../../record/journal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { fileHandle } from '../parse.ts'
import { adapterAnswerRequest, adapterBringRequest, adapterId, adapterTextRequest } from '../parse/adapters.ts'

export interface AdapterServices {
  readonly imported: Adapters
  readonly attributeAdapter: (id: AdapterId, text: string) => Promise<Attribution>
  readonly answerAdapter: (id: AdapterId, texts: readonly string[]) => Promise<readonly Answer[]>
}

export const adaptersRoutes = ({
  imported,
  answerAdapter,
  attributeAdapter,
  journal
}: AdapterServices & { readonly journal: Journal }): Routes<AdaptersApi> =>
  defineRoutes<AdaptersApi>({
    look: (folder, caller) => imported.look(caller.fileOf(fileHandle(folder), 'model-folder')),
    bring: async (request, caller) => {
      const { folder, ...wanted } = adapterBringRequest(request)
      const brought = await imported.bring(caller.fileOf(folder, 'model-folder'), wanted)
      if (!brought.isKnown) journal.record('model-added', brought.adapter.id)
      return brought
    },
    list: () => imported.list(),
    remove: async (value) => {
      const id = adapterId(value)
      await imported.remove(id)
      journal.record('model-removed', id)
    },
    answer: async (request) => {
      const { id, texts } = adapterAnswerRequest(request)
      const answers = await answerAdapter(id, texts)
      journal.record('answers-given', id, texts.length)
      return answers
    },
    attribute: (request) => {
      const { id, text } = adapterTextRequest(request)
      return attributeAdapter(id, text)
    }
  })
