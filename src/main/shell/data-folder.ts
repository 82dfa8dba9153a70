import { chmod, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Attune keeps its data: what ATTUNE_DATA names, or the place that this system has for data of this machine alone. */
export function dataFolderPath(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const given = env['ATTUNE_DATA']
  if (given !== undefined && given !== '') return given
  // Local, not roaming: the data must not be copied to a server when the person logs off.
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Attune')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Attune')
  const share = env['XDG_DATA_HOME']
  return join(share !== undefined && share !== '' ? share : join(homedir(), '.local', 'share'), 'attune')
}

/** Makes the folder, for its owner alone. */
export async function prepareDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Windows has no such bits; there the folder inherits what the profile allows.
  if (process.platform !== 'win32') await chmod(folder, 0o700)
}
