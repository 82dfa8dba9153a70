import type { CopiesApi } from '../../../preload/contract/copies.ts'
import type { Journal } from '../../record/journal.ts'
import type { Copies } from '../../services/copies.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { copiesToWrite, copiesWish } from '../parse/copies.ts'

export interface CopiesServices {
  readonly copies: Copies
  readonly journal: Journal
}

export const copiesRoutes = ({ copies, journal }: CopiesServices): Routes<CopiesApi> =>
  defineRoutes<CopiesApi>({
    look: (request, caller) => {
      const { from, ...wish } = copiesWish(request)
      const { path, name } = caller.fileOf(from, 'data-folder')
      return copies.look({ ...wish, from: path, name })
    },
    write: async (request, caller) => {
      const { from, to, ...wish } = copiesToWrite(request)
      const { path, name } = caller.fileOf(from, 'data-folder')
      const written = await copies.write({ ...wish, from: path, name }, caller.fileOf(to, 'folder').path)
      journal.record('exported')
      return written
    },
    stop: () => copies.stop()
  })
