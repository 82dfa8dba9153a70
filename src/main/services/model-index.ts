import type { ModelId } from '../../preload/contract/common.ts'
import type { ModelIndex, StoredModel } from '../library/models.ts'
import { findModel, listModels, removeModel, saveModel, type ModelRow } from '../tracker/queries/models.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** Models in the tracker. */
export function modelIndex(db: WritableDb): ModelIndex {
  return {
    list: () => listModels(db).map(storedOf),
    find: (id) => {
      const row = findModel(db, id)
      return row && storedOf(row)
    },
    save: ({ bundled, languages, maxTokens, addedAt, ...model }) =>
      saveModel(db, {
        ...model,
        is_bundled: bundled ? 1 : 0,
        languages: languages.join(','),
        max_tokens: maxTokens,
        added_at: addedAt
      }),
    remove: (id) => removeModel(db, id)
  }
}

function storedOf({ is_bundled, languages, max_tokens, added_at, ...row }: ModelRow): StoredModel {
  return {
    ...row,
    id: row.id as ModelId, // Minted by main; it only travelled through the database.
    bundled: is_bundled === 1,
    languages: languages === '' ? [] : languages.split(','),
    maxTokens: max_tokens,
    addedAt: added_at
  }
}
