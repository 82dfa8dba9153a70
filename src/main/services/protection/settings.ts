import { join } from 'node:path'
import type { AutoLock } from '../../../preload/contract/vault.ts'
import type { AuditEvent } from '../../../preload/contract/record.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'

/** What the person said about encryption; it must be readable without a key. */
export interface ProtectionSettings {
  /** Whether the question of the first file was answered. */
  readonly isAnswered: boolean
  readonly autoLock: AutoLock
  /** What was done with the folder while the record was closed: it is written down when the folder is unlocked. */
  readonly owed: readonly OwedEvent[]
}

export type OwedEvent = Extract<AuditEvent, 'backup-restored' | 'moved'>
const owedEvents: readonly OwedEvent[] = ['backup-restored', 'moved']

const usual: ProtectionSettings = { isAnswered: false, autoLock: 15, owed: [] }
export const autoLocks: readonly AutoLock[] = [0, 5, 15, 60]

/** The settings; the usual ones where there are none, or where the file is damaged: it holds nothing that could be lost. */
export async function readProtectionSettings(dataFolder: string): Promise<ProtectionSettings> {
  try {
    const found = JSON.parse(await readFile(pathOf(dataFolder), 'utf8')) as Partial<ProtectionSettings> // Every field is looked at below.
    const autoLock = autoLocks.find((minutes) => minutes === found.autoLock) ?? usual.autoLock
    const owed = (Array.isArray(found.owed) ? found.owed : []).flatMap((event) => owedEvents.filter((known) => known === event))
    return { isAnswered: found.isAnswered === true, autoLock, owed }
  } catch {
    return usual
  }
}

export async function writeProtectionSettings(dataFolder: string, settings: ProtectionSettings): Promise<void> {
  await writeJsonAtomic(pathOf(dataFolder), settings)
}

const pathOf = (dataFolder: string): string => join(dataFolder, 'encryption.json')
