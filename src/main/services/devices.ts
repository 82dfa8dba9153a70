import { rm } from 'node:fs/promises'
import { cudaPackIn, cudaPackLayout } from '../engine/runtime/index.ts'
import { addCudaPack } from '../devices/add-pack.ts'
import { chooseDevice, LARGE_RUN, LARGE_STEP } from '../devices/choose.ts'
import { forgetVerdict, keepGridIntensity, readMachine, type DeviceVerdict } from '../devices/machine.ts'
import { devicesHere, isVerified, tryOut } from '../devices/try-out.ts'
import type { DeviceState, DeviceTable, DevicesEvents } from '../../preload/contract/devices.ts'
import { InputError } from '../base/errors.ts'
import type { DeviceServices } from '../ipc/routes/devices.ts'
import { cudaFolder, machineFile } from '../shell/data-folder.ts'
import type { Outcome, TrainerTask } from '../worker/protocol.ts'

export interface DevicesOptions {
  readonly dataFolder: string
  /** Runs a task in a process of its own. */
  readonly runTask: (task: TrainerTask) => Promise<Outcome>
  /** Whether a training is under way, beside which nothing can be measured. */
  readonly isBusy: () => boolean
  readonly onAdding: (news: DevicesEvents['adding']) => void
}

/** What this machine can compute on: what was tried, the CUDA pack, and how much CO2e its electricity costs. */
export function makeDevices({ dataFolder, runTask, isBusy, onAdding }: DevicesOptions): DeviceServices['devices'] {
  const file = machineFile(dataFolder)
  const packFolder = process.env['ATTUNE_CUDA'] ?? cudaFolder(dataFolder)
  // Two tests at once would each be measured too slow, and two writers would lose what one of them found.
  let last: Promise<unknown> = Promise.resolve()
  const table = async (): Promise<DeviceTable> => {
    const machine = await readMachine(file)
    const choice = machine.devices.cpu ? chooseDevice(machine, LARGE_STEP, LARGE_RUN) : null
    return {
      devices: devicesHere().map((id) => stateOf(id, machine.devices[id])),
      choice,
      pack: cudaPackLayout() === null ? 'none' : (await cudaPackIn(packFolder)) === null ? 'absent' : 'added',
      gridIntensity: machine.gridIntensity
    }
  }
  const changed = (change: () => Promise<unknown>): Promise<DeviceTable> => {
    const turn = last.then(change, change)
    last = turn
    return turn.then(table)
  }
  return {
    table,
    test: (device) => {
      if (isBusy())
        throw new InputError(
          'device-busy',
          'A training is under way, and devices are measured while nothing else computes. Try again once it has ended, or pause it.'
        )
      return changed(() => tryOut(device, { runTask, file }))
    },
    addPack: ({ path }) =>
      changed(async () => {
        await addCudaPack(path, packFolder, { onFile: (done, total) => onAdding({ done, total }) })
        await forgetVerdict(file, 'cuda')
      }),
    removePack: () =>
      changed(async () => {
        await rm(packFolder, { recursive: true, force: true })
        await forgetVerdict(file, 'cuda')
      }),
    setGridIntensity: (grams) => changed(() => keepGridIntensity(file, grams))
  }
}

function stateOf(id: DeviceState['id'], verdict: DeviceVerdict | undefined): DeviceState {
  const known = { id, isVerified: isVerified(id) }
  if (verdict === undefined) return { ...known, verdict: null }
  const { at } = verdict
  if (verdict.status === 'refused') {
    const { code, reason } = verdict
    return { ...known, verdict: { at, name: '', rate: null, memory: null, refusal: { code, message: reason } } }
  }
  const { card, device, rate, memory } = verdict
  return { ...known, verdict: { at, name: card ?? device, rate, memory, refusal: null } }
}
