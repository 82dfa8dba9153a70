import type { DeviceId, DevicesApi, DeviceState, DeviceTable } from '../../../src/preload/contract/devices.ts'

const at = '2026-11-25T10:12:00.000Z'

const untried = (id: DeviceId, isVerified: boolean): DeviceState => ({ id, isVerified, verdict: null })

/** What trying each device comes to: the processor computes, a card over WebGPU is fast, NVIDIA's needs its pack. */
const tried: Readonly<Record<DeviceId, DeviceState>> = {
  cpu: {
    id: 'cpu',
    isVerified: true,
    verdict: { at, name: 'CPU, 2 threads', rate: 208e9, memory: { total: 16.6e9, free: 9.1e9 }, refusal: null }
  },
  cuda: {
    id: 'cuda',
    isVerified: true,
    verdict: {
      ...{ at, name: '', rate: null, memory: null },
      refusal: {
        code: 'device-no-pack',
        message:
          'Training on an NVIDIA card needs the CUDA pack, which is not on this machine. Add the pack first, or let the processor compute instead.'
      }
    }
  },
  webgpu: {
    id: 'webgpu',
    isVerified: false,
    verdict: { at, name: 'GPU (WebGPU)', rate: 3.4e12, memory: null, refusal: null }
  },
  directml: {
    id: 'directml',
    isVerified: false,
    verdict: { at, name: 'GPU (DirectML)', rate: 3.1e12, memory: null, refusal: null }
  }
}

/** An NVIDIA card that computed what it should. */
const card: DeviceState = {
  id: 'cuda',
  isVerified: true,
  verdict: { at, name: 'NVIDIA card (CUDA)', rate: 1.7e13, memory: { total: 16.9e9, free: 15.8e9 }, refusal: null }
}

/** Devices of a PC that never was: nothing was tried unless `areTried`. */
export function devicesHandlers(
  areTried: boolean,
  hasCard: boolean
): { readonly [Name in keyof DevicesApi]: (argument: never) => unknown } {
  let devices: readonly DeviceState[] = areTried
    ? [tried.cpu, hasCard ? card : tried.cuda, tried.webgpu]
    : [untried('cpu', true), untried('cuda', true), untried('webgpu', false)]
  let pack: DeviceTable['pack'] = 'absent'
  let gridIntensity: number | null = areTried ? 380 : null
  const table = (): DeviceTable => ({
    devices,
    choice: devices.some(({ verdict }) => verdict?.refusal === null)
      ? {
          device: 'webgpu',
          why: 'GPU (WebGPU) would take about 160 ms for a step of a large run, the processor 2.5 s, by the rates measured on this PC: GPU (WebGPU) computes.'
        }
      : null,
    pack,
    gridIntensity
  })
  return {
    table,
    test: (id: DeviceId) => {
      devices = devices.map((device) => (device.id === id ? tried[id] : device))
      return table()
    },
    addPack: () => {
      pack = 'added'
      return table()
    },
    removePack: () => {
      pack = 'absent'
      return table()
    },
    setGridIntensity: ({ grams }: { grams: number | null }) => {
      gridIntensity = grams
      return table()
    }
  }
}
