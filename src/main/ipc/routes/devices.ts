import type { DevicesApi, DeviceId, DeviceTable } from '../../../preload/contract/devices.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { deviceId, gridIntensity } from '../parse/devices.ts'
import { fileHandle } from '../parse.ts'

export interface DeviceServices {
  readonly devices: {
    readonly table: () => Promise<DeviceTable>
    readonly test: (device: DeviceId) => Promise<DeviceTable>
    readonly addPack: (folder: { readonly path: string }) => Promise<DeviceTable>
    readonly removePack: () => Promise<DeviceTable>
    readonly setGridIntensity: (grams: number | null) => Promise<DeviceTable>
  }
}

export const devicesRoutes = ({ devices }: DeviceServices): Routes<DevicesApi> =>
  defineRoutes<DevicesApi>({
    table: () => devices.table(),
    test: (device) => devices.test(deviceId(device)),
    addPack: (folder, caller) => devices.addPack(caller.fileOf(fileHandle(folder), 'cuda-folder')),
    removePack: () => devices.removePack(),
    setGridIntensity: (request) => devices.setGridIntensity(gridIntensity(request).grams)
  })
