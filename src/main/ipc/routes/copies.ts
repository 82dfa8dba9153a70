import type { CopiesApi, CopiesWish } from '../../../preload/contract/copies.ts'
import type { Journal } from '../../record/journal.ts'
import type { Copies, CopiesJob } from '../../services/copies.ts'
import { defineRoutes, type Caller, type Routes } from '../define.ts'
import { copiesToWrite, copiesWish } from '../parse/copies.ts'

export interface CopiesServices {
  readonly copies: Copies
  readonly journal: Journal
}

/** A wish whose handles have become files. */
function jobOf({ from, known, ...wish }: CopiesWish, caller: Caller): CopiesJob {
  const { path, name } = caller.fileOf(from, 'data-folder')
  return {
    ...wish,
    ...{ from: path, name },
    known: known && caller.fileOf(known, 'mapping')
  }
}

export const copiesRoutes = ({ copies, journal }: CopiesServices): Routes<CopiesApi> =>
  defineRoutes<CopiesApi>({
    look: (request, caller) => copies.look(jobOf(copiesWish(request), caller)),
    write: async (request, caller) => {
      const { to, keepsMapping, ...wish } = copiesToWrite(request)
      const written = await copies.write(jobOf(wish, caller), caller.fileOf(to, 'folder').path, keepsMapping)
      journal.record('exported')
      return written
    },
    stop: () => copies.stop()
  })
