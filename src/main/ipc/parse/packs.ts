import { z } from 'zod'
import type { FileHandle } from '../../../preload/contract/common.ts'
import type { PackId } from '../../../preload/contract/packs.ts'
import { branded, parser } from '../parse.ts'

export const packId = parser(branded<PackId>('p'))
export const packToOpen = parser(
  z.strictObject({ file: branded<FileHandle>('f'), passphrase: z.string().min(1).max(1000).nullable() })
)
