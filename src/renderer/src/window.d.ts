import type { Bridge } from '../../preload/contract/index.ts'

declare global {
  interface Window {
    /** Absent where the page is opened in a browser: the loopback shell's page makes its own. */
    readonly attune?: Bridge
  }
}
