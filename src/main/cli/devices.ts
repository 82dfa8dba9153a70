import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { addCudaPack, type AddedPack } from '../devices/add-pack.ts'
import { chooseDevice, LARGE_RUN, LARGE_STEP } from '../devices/choose.ts'
import { forgetVerdict, keepGridIntensity, readMachine, type DeviceVerdict } from '../devices/machine.ts'
import { devicesHere, isVerified, tryOut } from '../devices/try-out.ts'
import type { TrainingDevice } from '../config/config-types.ts'
import { bytes, NO_BREAK, significant } from '../report/numbers.ts'
import { runTask } from '../runs/supervisor.ts'
import { cudaFolder, machineFile } from '../shell/data-folder.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'

type Row = { readonly provider: TrainingDevice; readonly verified: boolean } & DeviceVerdict

/** `attune devices`: changes the CUDA pack and the grid's intensity where it is asked to, then tries each device. Resolves to the exit code. */
export async function showDevices(
  { values, switches }: { readonly values: ReadonlyMap<string, string>; readonly switches: ReadonlySet<string> },
  entry: string,
  output: Output
): Promise<number> {
  const file = machineFile()
  process.env['ATTUNE_CUDA'] ??= cudaFolder()
  const added = await changePack(values, switches, file, output)
  const grid = values.get('grid')
  if (grid !== undefined) await keepGridIntensity(file, gridOf(grid))
  const rows: Row[] = []
  for (const provider of devicesHere()) {
    const verdict = await tryOut(provider, { file, runTask: (task) => runTask(task, { entry, onEvent: () => undefined }) })
    rows.push({ provider, verified: isVerified(provider), ...verdict })
  }
  const machine = await readMachine(file)
  const choice = chooseDevice(machine, LARGE_STEP, LARGE_RUN)
  if (output.isJson)
    output.event({ event: 'finished', devices: rows, choice, grid: machine.gridIntensity, ...(added && { added }) })
  else output.print(`${factLines([...rows.map(lineOf), ['auto', choice.why]]).replaceAll(NO_BREAK, ' ')}\n`)
  return 0
}

async function changePack(
  values: ReadonlyMap<string, string>,
  switches: ReadonlySet<string>,
  file: string,
  output: Output
): Promise<AddedPack | null> {
  const folder = cudaFolder()
  const source = values.get('add')
  if (!switches.has('remove') && source === undefined) return null
  await forgetVerdict(file, 'cuda')
  if (source === undefined) {
    await rm(folder, { recursive: true, force: true })
    output.tell('The CUDA pack was removed.')
    return null
  }
  const pack = await addCudaPack(resolve(source), folder)
  output.tell(`The CUDA pack was added to ${pack.folder}: ${[...pack.files, ...pack.nvidia].join(', ')}.`)
  return pack
}

/** @throws InputError for what is no number of grams */
function gridOf(text: string): number | null {
  if (text === 'none') return null
  const grams = Number(text)
  if (grams > 0 && grams <= 5000) return grams
  throw new InputError('usage', `--grid cannot be ${shown(text)}. It is a number of grams of CO2e, such as 380, or none.`)
}

function lineOf(row: Row): readonly [string, string] {
  const { provider, status, verified } = row
  if (row.status === 'refused') return [provider, `${status.padEnd(8)} ${row.reason}`]
  const { card, device, rate, memory } = row
  const room = memory === null ? '' : `, ${bytes(memory.total)} memory, ${bytes(memory.free)} free`
  const name = card === null ? device : `${card}, ${device}`
  const note = verified ? '' : ' Unverified: no real device of this kind has computed for the makers of Attune.'
  return [provider, `${status.padEnd(8)} ${name}: multiplies matrices at ${rateText(rate)}${room}.${note}`]
}

/** Rates of cards reach thousands of GFLOP/s. */
export const rateText = (rate: number): string =>
  rate < 1e12 ? `${significant(rate / 1e9, 3)}${NO_BREAK}GFLOP/s` : `${significant(rate / 1e12, 3)}${NO_BREAK}TFLOP/s`
