import { z } from 'zod'
import type { FileHandle, RunId } from '../../../preload/contract/common.ts'
import { branded, draft, parser } from '../parse.ts'

const run = branded<RunId>('r')

export const smallerRequest = parser(z.strictObject({ id: run, batch: z.number().int().min(1).max(100_000) }))
export const effortRequest = parser(z.strictObject({ draft, isTried: z.boolean() }))
export const evaluateRequest = parser(z.strictObject({ id: run, file: branded<FileHandle>('f') }))
export const moveRequest = parser(z.strictObject({ id: run, place: z.number().int().min(1).max(100_000) }))
