import type { AdapterId, AnswererId } from '../../../../preload/contract/common.ts'

/** Whether an imported adapter answers, not a run. Main mints ids of both kinds. */
export const isAdapter = (id: AnswererId): id is AdapterId => id.startsWith('a-')
