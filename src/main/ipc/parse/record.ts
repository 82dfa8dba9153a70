import { z } from 'zod'
import type { DatasetId, ProjectId, RunId } from '../../../preload/contract/common.ts'
import { branded, name, parser } from '../parse.ts'

const run = branded<RunId>('r')
const dataset = branded<DatasetId>('d')
const project = branded<ProjectId>('p')

const NOTE = 10_000
const TAG = 40
const MOST_TAGS = 20
const LOG_PAGE = 1000

const note = z.string().trim().max(NOTE)
const anything = z.union([run, dataset, project])

export const projectId = parser(project)
export const renameProjectRequest = parser(z.strictObject({ id: project, name }))
export const projectNoteRequest = parser(z.strictObject({ id: project, text: note }))
export const projectPurposeRequest = parser(
  z.strictObject({ id: project, purpose: z.enum(['unsaid', 'research', 'inside', 'commercial']) })
)
export const binId = parser(anything)
export const tagRequest = parser(z.strictObject({ id: run, tags: z.array(z.string().trim().min(1).max(TAG)).max(MOST_TAGS) }))
export const noteRequest = parser(z.strictObject({ id: run, text: note }))
export const logRequest = parser(z.strictObject({ from: z.number().int().min(0), count: z.number().int().min(1).max(LOG_PAGE) }))
