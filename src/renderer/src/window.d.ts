import type { Bridge } from '../../preload/contract/index.ts'

declare global {
  interface Window {
    /** Absent where the page is not in the application's own window. */
    readonly attune?: Bridge
  }
}
