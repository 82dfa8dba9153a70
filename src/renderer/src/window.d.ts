import type { AttuneBridge } from '../../preload/contract/index.ts'

declare global {
  interface Window {
    /** Absent where the page is opened outside the application. */
    readonly attune?: AttuneBridge
  }
}
