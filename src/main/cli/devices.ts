import { resolve } from 'node:path'
import { addCudaPack } from '../devices/add-pack.ts'
import { listDevices, type Device } from '../engine/runtime/index.ts'
import { bytes, NO_BREAK } from '../report/numbers.ts'
import { runTask } from '../runs/supervisor.ts'
import { cudaFolder } from '../shell/data-folder.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'

/** A device as the command tells of it: what was tried is ready or refused. */
type Row = Omit<Device, 'status'> & { readonly status: Device['status'] | 'refused' }

/** The devices that runs can be trained on beside the processor. */
const tried = ['webgpu', 'cuda'] as const

/** `attune devices`; with `--add`, a CUDA pack is put in its place first. Resolves to the exit code. */
export async function showDevices(values: ReadonlyMap<string, string>, entry: string, output: Output): Promise<number> {
  const source = values.get('add')
  const pack = source === undefined ? null : await addCudaPack(resolve(source), cudaFolder())
  if (pack !== null) output.tell(`The CUDA pack was added to ${pack.folder}: ${[...pack.files, ...pack.nvidia].join(', ')}.`)
  process.env['ATTUNE_CUDA'] ??= cudaFolder()
  const listed = await listDevices()
  const devices: Row[] = []
  for (const device of listed.filter(({ provider }) => provider !== 'cuda')) devices.push(await triedOut(device, entry))
  devices.push(await triedOut({ provider: 'cuda', status: 'missing', detail: '' }, entry))
  if (output.isJson) output.event({ event: 'finished', devices, ...(pack && { added: pack }) })
  else output.print(`${factLines(devices.map(lineOf)).replaceAll(NO_BREAK, ' ')}\n`)
  return 0
}

/** The row of a device that computes a known answer in a process of its own: a driver that crashes takes no more along. */
async function triedOut(listed: Device, entry: string): Promise<Row> {
  const device = tried.find((name) => name === listed.provider)
  if (device === undefined) return listed
  const outcome = await runTask({ kind: 'try-device', device }, { entry, onEvent: () => undefined })
  if (outcome.event === 'failed') return { ...listed, status: 'refused', detail: outcome.message }
  const seconds = Number(outcome['milliseconds']) / 1000
  return { ...listed, status: 'ready', detail: `computed the known answers, ${seconds.toFixed(1)} s with its start` }
}

function lineOf({ provider, status, detail, threads, memoryBytes, freeMemoryBytes }: Row): readonly [string, string] {
  const memory = memoryBytes === undefined ? '' : `, ${bytes(memoryBytes)} memory, ${bytes(freeMemoryBytes ?? 0)} free`
  const parallel = threads === undefined ? '' : `, ${threads} threads`
  return [provider, `${status.padEnd(8)} ${detail}${parallel}${memory}`]
}
