import { stat } from 'node:fs/promises'
import { buildModules } from './build-modules.ts'
import { outcome, type Check } from './check.ts'
import { installedLibraries } from './installed.ts'
import { listening } from './listening.ts'
import { nativeLibraries } from './native-libraries.ts'
import { openFiles, telemetry } from './processes.ts'

/** What can be shown of the promise in either shell. `program`: the folder of the built program. */
export async function evidence(dataFolder: string, program: string): Promise<readonly Check[]> {
  const silence = await telemetry()
  return [
    await listening(),
    silence,
    await nativeLibraries(installedLibraries(), silence.result !== 'fails'),
    await buildModules(program),
    await openFiles(dataFolder),
    await ownFolder(dataFolder)
  ]
}

const folderClaim = {
  id: 'own-folder',
  claim: 'Only you can read the folder with your data.',
  how: 'Looks at the rights of the data folder.'
}

async function ownFolder(folder: string): Promise<Check> {
  if (process.platform === 'win32') return outcome(folderClaim, 'cannot-tell', 'Windows decides by the rights of your profile.')
  const mode = (await stat(folder)).mode & 0o777
  return outcome(folderClaim, (mode & 0o077) === 0 ? 'holds' : 'fails', `Its rights are ${mode.toString(8)}.`)
}
