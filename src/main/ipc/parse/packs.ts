import { z } from 'zod'
import type { FileHandle } from '../../../preload/contract/common.ts'
import type { PackId } from '../../../preload/contract/packs.ts'
import { branded, parser } from '../parse.ts'

/** As minted: sixteen hexadecimal digits. */
export const packId = parser(z.string().regex(/^p-[0-9a-f]{16}$/) as unknown as z.ZodType<PackId>)
export const packToOpen = parser(
  z.strictObject({ file: branded<FileHandle>('f'), passphrase: z.string().min(1).max(1000).nullable() })
)
