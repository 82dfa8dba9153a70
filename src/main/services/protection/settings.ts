import { join } from 'node:path'
import type { AutoLock } from '../../../preload/contract/vault.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'

/** What the person said about encryption; it must be readable without a key. */
export interface ProtectionSettings {
  /** Whether the question of the first file was answered. */
  readonly isAnswered: boolean
  readonly autoLock: AutoLock
}

const usual: ProtectionSettings = { isAnswered: false, autoLock: 15 }
export const autoLocks: readonly AutoLock[] = [0, 5, 15, 60]

/** The settings; the usual ones where there are none, or where the file is damaged: it holds nothing that could be lost. */
export async function readProtectionSettings(dataFolder: string): Promise<ProtectionSettings> {
  try {
    const found = JSON.parse(await readFile(pathOf(dataFolder), 'utf8')) as Partial<ProtectionSettings> // Every field is looked at below.
    const autoLock = autoLocks.find((minutes) => minutes === found.autoLock) ?? usual.autoLock
    return { isAnswered: found.isAnswered === true, autoLock }
  } catch {
    return usual
  }
}

export async function writeProtectionSettings(dataFolder: string, settings: ProtectionSettings): Promise<void> {
  await writeJsonAtomic(pathOf(dataFolder), settings)
}

const pathOf = (dataFolder: string): string => join(dataFolder, 'encryption.json')
