import { app, autoUpdater, crashReporter } from 'electron'
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { dataFolderHome } from '../../data-folder.ts'
import { faultsOr, type Claim, type Finding } from './check.ts'
import { fuseFile, readFuses, WANTED_FUSES } from './fuses.ts'

const crashes: Claim = {
  id: 'window-crashes',
  claim: 'No report of a crash is sent.',
  how: 'Asks Electron whether it sends them, and for those that it has sent.',
  look: () => {
    const sent = crashReporter.getUploadedReports().filter(({ id }) => id !== '').length
    const faults = [...(crashReporter.getUploadToServer() ? ['It sends them'] : []), ...(sent > 0 ? [`${sent} were sent`] : [])]
    return faultsOr(faults, 'It does not, and none was sent.')
  }
}

const updates: Claim = {
  id: 'window-updates',
  claim: 'Attune does not look for updates.',
  how: 'Asks Electron for the address of updates, and looks for the file that would name one.',
  look: () => updatesIn(process.resourcesPath)
}

/** Whether anything says where updates come from. `resources`: the folder beside the program; absent outside of Electron. */
export function updatesIn(resources: string | undefined): Finding {
  const address = autoUpdater.getFeedURL()
  const hasFile = resources !== undefined && existsSync(join(resources, 'app-update.yml'))
  return faultsOr([...(address === '' ? [] : [address]), ...(hasFile ? ['app-update.yml is there'] : [])], 'There is none.')
}

const PLACES = ['userData', 'sessionData', 'crashDumps', 'logs'] as const

const files: Claim = {
  id: 'window-files',
  claim: 'What Chromium keeps lies in the folder of Attune.',
  how: 'Asks Electron where it writes.',
  look: () => {
    const home = dataFolderHome()
    const outside = PLACES.map((name) => app.getPath(name)).filter((path) => relative(home, path).startsWith('..'))
    return faultsOr(outside, `${PLACES.length} places, all within.`)
  }
}

const fuses: Claim = {
  id: 'window-fuses',
  claim: 'Nobody can run their own code as Attune.',
  how: 'Reads the fuses in the program’s own file.',
  look: () => (app.isPackaged ? fusesOf(process.execPath) : unpackaged)
}

const unpackaged: Finding = { holds: null, found: 'Attune runs from its source here. The packaged program has its fuses set.' }

/** How the fuses of this program stand. */
export async function fusesOf(program: string): Promise<Finding> {
  const states = await readFuses(fuseFile(program))
  if (states === null) return { holds: null, found: 'There are none in this file.' }
  const faults = WANTED_FUSES.filter(({ index, isOn }) => states[index] !== isOn)
  return faultsOr(
    faults.map(({ name, isOn }) => `${name} is ${isOn ? 'off' : 'on'}`),
    WANTED_FUSES.map(({ name, isOn }) => `${name} ${isOn ? 'on' : 'off'}`).join(', ') + '.'
  )
}

/** The program around the window. */
export const programClaims: readonly Claim[] = [fuses, crashes, updates, files]
