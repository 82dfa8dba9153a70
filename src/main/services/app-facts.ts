import { stat, statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import type { AppFacts, PrivacyCheck } from '../../preload/contract/app.ts'
import { freeMemory } from '../base/free-memory.ts'
import type { AppServices } from '../ipc/routes/app.ts'

export interface AppFactsOptions {
  readonly version: string
  readonly shell: AppFacts['shell']
  readonly dataFolder: string
  /** What only the shell can say of itself. */
  readonly shellChecks: () => Promise<readonly Omit<PrivacyCheck, 'checkedAt'>[]>
}

/** What the program knows of itself, and what it can show of its promise. */
export function makeAppServices({ version, shell, dataFolder, shellChecks }: AppFactsOptions): AppServices {
  return {
    facts: async () => {
      const threads = availableParallelism()
      const { bavail, bsize } = await statfs(dataFolder)
      return {
        version,
        platform: `${process.platform}-${process.arch}`,
        shell,
        device: `CPU, ${threads} threads`,
        threads,
        memory: { total: totalmem(), free: (await freeMemory()).bytes },
        disk: { free: bavail * bsize }
      }
    },
    privacy: async () => {
      const checks = [telemetry(), await ownFolder(dataFolder), ...(await shellChecks())]
      const checkedAt = new Date().toISOString()
      return checks.map((check) => ({ ...check, checkedAt }))
    }
  }
}

type Check = Omit<PrivacyCheck, 'checkedAt'>

function telemetry(): Check {
  const isOff = process.env['ORT_DISABLE_TELEMETRY'] === '1'
  const isWindows = process.platform === 'win32'
  return {
    id: 'runtime-telemetry',
    claim: 'The computing library tells nobody that it was used.',
    how: 'Reads the switch that every process of Attune inherits. The library is not loaded without it.',
    result: isOff ? (isWindows ? 'cannot-tell' : 'holds') : 'fails',
    found: isOff ? 'The switch is set.' : 'The switch is not set.'
  }
}

async function ownFolder(folder: string): Promise<Check> {
  const mode = (await stat(folder)).mode & 0o777
  const isOwn = (mode & 0o077) === 0
  const isWindows = process.platform === 'win32'
  return {
    id: 'own-folder',
    claim: 'Only you can read the folder with your data.',
    how: 'Looks at the rights of the data folder.',
    result: isWindows ? 'cannot-tell' : isOwn ? 'holds' : 'fails',
    found: isWindows ? 'Windows decides by the rights of your profile.' : `Its rights are ${mode.toString(8)}.`
  }
}
