import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'

/** Where Attune keeps its data: what ATTUNE_DATA names, or the place that this system has for data of this machine alone. */
export function dataFolderHome(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const given = env['ATTUNE_DATA']
  if (given !== undefined && given !== '') return given
  // Local, not roaming: the data must not be copied to a server when the person logs off.
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Attune')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Attune')
  const share = env['XDG_DATA_HOME']
  return join(share !== undefined && share !== '' ? share : join(homedir(), '.local', 'share'), 'attune')
}

/** Where the CUDA pack of this machine lies, with the data. */
export const cudaFolder = (dataFolder = dataFolderHome()): string => join(dataFolder, 'devices', 'cuda')

/** What is known of this machine: what its devices did when they were tried. */
export const machineFile = (dataFolder = dataFolderHome()): string => join(dataFolder, 'devices', 'machine.json')

/** Where the data are: their usual place, or wherever they were moved from there. Throws an InputError where that is not connected now. */
export function dataFolderPath(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  let folder = dataFolderHome(env, platform)
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const next = pointerIn(folder)
    if (next === null) return folder
    if (!existsSync(next)) {
      const sentence = `Your data were moved to ${next}, which is not there now. Connect the drive that it lies on, and start Attune again.`
      throw new InputError('data-disconnected', sentence, { file: next })
    }
    folder = next
  }
  return folder
}

/** Moves that are followed; each leaves a pointer behind. */
const MOST_HOPS = 20

function pointerIn(folder: string): string | null {
  try {
    const found: unknown = JSON.parse(readFileSync(join(folder, 'moved.json'), 'utf8'))
    const next: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, 'folder') : null
    return typeof next === 'string' ? next : null
  } catch {
    // Nothing was ever moved from here.
    return null
  }
}

/** Makes the folder, for its owner alone. */
export async function prepareDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Windows has no such bits; there the folder inherits what the profile allows.
  if (process.platform !== 'win32') await chmod(folder, 0o700)
}
