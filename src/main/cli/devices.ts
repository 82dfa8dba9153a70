import { listDevices } from '../engine/runtime/index.ts'
import { bytes, NO_BREAK } from '../report/numbers.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'

/** `attune devices`. Resolves to the exit code. */
export async function showDevices(output: Output): Promise<number> {
  const devices = await listDevices()
  if (output.isJson) {
    output.event({ event: 'finished', devices })
    return 0
  }
  const rows = devices.map(({ provider, status, detail, threads, memoryBytes, freeMemoryBytes }) => {
    const memory = memoryBytes === undefined ? '' : `, ${bytes(memoryBytes)} memory, ${bytes(freeMemoryBytes ?? 0)} free`
    const parallel = threads === undefined ? '' : `, ${threads} threads`
    return [provider, `${status.padEnd(8)} ${detail}${parallel}${memory}`] as const
  })
  output.print(`${factLines(rows).replaceAll(NO_BREAK, ' ')}\n`)
  return 0
}
