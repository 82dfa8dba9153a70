import type { LengthsApi } from '../../../preload/contract/lengths.ts'
import type { Drafts } from '../../services/drafts.ts'
import type { Lengths } from '../../services/lengths.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasetId } from '../parse.ts'
import { readDraft } from './drafts.ts'

export interface LengthServices {
  readonly lengths: Lengths
  readonly drafts: Drafts
}

export const lengthsRoutes = ({ lengths, drafts }: LengthServices): Routes<LengthsApi> =>
  defineRoutes<LengthsApi>({
    of: (request) => {
      const id = datasetId(request)
      return lengths.of(id, readDraft(drafts.find(id)))
    }
  })
