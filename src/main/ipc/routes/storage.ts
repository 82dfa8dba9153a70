import type { StorageApi } from '../../../preload/contract/storage.ts'
import type { Storage } from '../../services/storage.ts'
import { defineRoutes, type Caller, type Routes } from '../define.ts'
import { budgetRequest, copyId, deleteRequest, folderRequest, restoreRequest } from '../parse/storage.ts'

export const storageRoutes = (storage: Storage): Routes<StorageApi> =>
  defineRoutes<StorageApi>({
    overview: () => storage.overview(),
    emptyCaches: () => storage.emptyCaches(),
    setBudget: (request) => storage.setBudget(budgetRequest(request).bytes),
    backUp: (request, caller) => storage.backUp(folderOf(folderRequest(request).to, caller)),
    restore: (request, caller) => {
      const wanted = restoreRequest(request)
      return storage.restore('backup' in wanted ? wanted : { folder: caller.fileOf(wanted.from, 'folder').path })
    },
    move: (request, caller) => storage.move(folderOf(folderRequest(request).to, caller)),
    cancel: () => storage.cancel(),
    removeBackup: (id) => storage.removeBackup(copyId(id)),
    removeAside: (id) => storage.removeAside(copyId(id)),
    deleteAll: (request) => storage.deleteAll(deleteRequest(request).confirmed)
  })

const folderOf = (handle: string | null, caller: Caller): string | null =>
  handle === null ? null : caller.fileOf(handle, 'folder').path
