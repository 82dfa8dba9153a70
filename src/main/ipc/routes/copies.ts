import type { CopiesApi, CopiesWish } from '../../../preload/contract/copies.ts'
import type { Journal } from '../../record/journal.ts'
import type { KeptMappings } from '../../services/kept-mappings.ts'
import type { Copies, CopiesJob } from '../../services/copies.ts'
import { defineRoutes, type Caller, type Routes } from '../define.ts'
import { copiesToWrite, copiesWish } from '../parse/copies.ts'
import { knownFile } from './mappings.ts'

export interface CopiesServices {
  readonly copies: Copies
  readonly mappings: KeptMappings
  readonly journal: Journal
}

/** A wish whose handles have become files. */
async function jobOf({ from, known, ...wish }: CopiesWish, caller: Caller, mappings: KeptMappings): Promise<CopiesJob> {
  const { path, name } = caller.fileOf(from, 'data-folder')
  return {
    ...wish,
    ...{ from: path, name },
    known: known && (await knownFile(known, caller, mappings))
  }
}

export const copiesRoutes = ({ copies, mappings, journal }: CopiesServices): Routes<CopiesApi> =>
  defineRoutes<CopiesApi>({
    look: async (request, caller) => copies.look(await jobOf(copiesWish(request), caller, mappings)),
    write: async (request, caller) => {
      const { to, keepsMapping, ...wish } = copiesToWrite(request)
      const written = await copies.write(await jobOf(wish, caller, mappings), caller.fileOf(to, 'folder').path, keepsMapping)
      journal.record('exported')
      return written
    },
    stop: () => copies.stop()
  })
