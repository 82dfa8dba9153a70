import type { RunId } from '../../../preload/contract/common.ts'
import type { CompareApi, Comparison } from '../../../preload/contract/compare.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { comparedRuns } from '../parse.ts'

export interface CompareServices {
  readonly compare: (ids: readonly RunId[]) => Promise<Comparison>
}

export const compareRoutes = ({ compare }: CompareServices): Routes<CompareApi> =>
  defineRoutes<CompareApi>({ tests: (ids) => compare(comparedRuns(ids)) })
