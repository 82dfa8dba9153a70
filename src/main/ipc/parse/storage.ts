import { z } from 'zod'
import type { FileHandle } from '../../../preload/contract/common.ts'
import { branded, parser } from '../parse.ts'

const handle = branded<FileHandle>('f')
const copy = z.string().regex(/^b-[0-9a-f]{16}$/)

export const copyId = parser(copy)
export const folderRequest = parser(z.strictObject({ to: handle.nullable() }))
export const restoreRequest = parser(z.union([z.strictObject({ backup: copy }), z.strictObject({ from: handle })]))
export const budgetRequest = parser(z.strictObject({ bytes: z.number().int().min(1).nullable() }))
export const deleteRequest = parser(z.strictObject({ confirmed: z.string().max(40) }))
