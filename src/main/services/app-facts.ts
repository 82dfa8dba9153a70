import { availableParallelism, totalmem } from 'node:os'
import type { AppFacts, PrivacyCheck } from '../../preload/contract/app.ts'
import { freeMemory } from '../base/free-memory.ts'
import { freeSpace } from '../base/free-space.ts'
import { chooseDevice, LARGE_RUN, LARGE_STEP, timeDevices } from '../devices/choose.ts'
import { readMachine } from '../devices/machine.ts'
import { machineFile } from '../shell/data-folder.ts'
import type { AppServices } from '../ipc/routes/app.ts'
import { evidence } from './evidence/index.ts'

export interface AppFactsOptions {
  /** The folder of the built program. */
  readonly program: string
  readonly version: string
  readonly shell: AppFacts['shell']
  readonly dataFolder: string
  /** What only the shell can say of itself. */
  readonly shellChecks: () => Promise<readonly Omit<PrivacyCheck, 'checkedAt'>[]>
}

/** What the automatic choice takes for a run that is large enough; null while nothing was tried. */
async function deviceHere(file: string): Promise<{ readonly name: string; readonly why: string } | null> {
  const machine = await readMachine(file)
  if (machine.devices.cpu === undefined) return null
  const { device, why } = chooseDevice(machine, LARGE_STEP, LARGE_RUN)
  const name = timeDevices(machine, LARGE_STEP).find((timed) => timed.device === device)?.name
  return name === undefined ? null : { name, why }
}

/** What the program knows of itself, and what it can show of its promise. */
export function makeAppServices({ program, version, shell, dataFolder, shellChecks }: AppFactsOptions): AppServices {
  return {
    facts: async () => {
      const threads = availableParallelism()
      const free = await freeSpace(dataFolder)
      const chosen = await deviceHere(machineFile(dataFolder))
      return {
        version,
        platform: `${process.platform}-${process.arch}`,
        shell,
        device: chosen?.name ?? `CPU, ${threads} threads`,
        deviceWhy: chosen?.why ?? null,
        threads,
        memory: { total: totalmem(), free: (await freeMemory()).bytes },
        disk: { free }
      }
    },
    privacy: async () => {
      const checks = [...(await shellChecks()), ...(await evidence(dataFolder, program))]
      const checkedAt = new Date().toISOString()
      return checks.map((check) => ({ ...check, checkedAt }))
    }
  }
}
