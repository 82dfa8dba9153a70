import { contextBridge } from 'electron'
import type { AttuneBridge } from './contract/index.ts'

const bridge: AttuneBridge = {
  shell: { kind: 'electron', electron: process.versions.electron, platform: process.platform }
}

contextBridge.exposeInMainWorld('attune', bridge)
