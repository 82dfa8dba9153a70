import { contextBridge } from 'electron'
import type { Bridge } from './contract/index.ts'

/** The calls are made possible by `src/main/ipc/register.ts`, which does not exist yet. */
const bridge: Pick<Bridge, 'shell'> = { shell: 'electron' }

contextBridge.exposeInMainWorld('attune', bridge)
