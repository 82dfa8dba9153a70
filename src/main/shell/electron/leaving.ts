import { app, dialog, powerMonitor, type BrowserWindow, type MessageBoxOptions } from 'electron'
import { words } from './words.ts'

export interface LeavingOptions {
  readonly isTraining: () => boolean
  /** Stops whatever trains at a checkpoint and lets go of the data folder. */
  readonly dispose: () => Promise<void>
  readonly window: () => BrowserWindow | null
  /** The window is closed though the application goes on. */
  readonly onHidden: () => void
  readonly log: (line: string) => void
}

/** `background`: the window is closed and the application ends once nothing trains. */
type Stage = 'staying' | 'asking' | 'background' | 'leaving' | 'left'

/** The way out: asks once while something trains, waits for its checkpoint, and only then lets the application end. */
export class Leaving {
  readonly #options: LeavingOptions
  #stage: Stage = 'staying'

  constructor(options: LeavingOptions) {
    this.#options = options
    app.on('before-quit', (event) => {
      if (this.#stage === 'left') return
      event.preventDefault()
      void this.leave()
    })
    // Whoever shuts the machine down is not asked: there is no time for it.
    powerMonitor.on('shutdown', () => void this.#end())
  }

  /** The window is being closed; true where it may go. On macOS the application outlives its window. */
  mayClose(): boolean {
    if (this.#stage === 'left') return true
    if (process.platform === 'darwin') this.#hide()
    else void this.leave()
    return false
  }

  /** The window is wanted again. */
  stay(): void {
    if (this.#stage === 'background') this.#stage = 'staying'
  }

  /** Nothing trains any more. */
  idle(): void {
    if (this.#stage === 'background') void this.#end()
  }

  /** Ends the application, having asked where something trains. */
  async leave(): Promise<void> {
    if (this.#stage !== 'staying' && this.#stage !== 'background') return
    if (!this.#options.isTraining()) return this.#end()
    this.#stage = 'asking'
    const { message, detail, keep, stop, cancel } = words.leave
    const question = {
      type: 'question' as const,
      title: words.title,
      message,
      detail,
      buttons: [keep, stop, cancel],
      defaultId: 0,
      cancelId: 2,
      noLink: true
    } satisfies MessageBoxOptions
    const window = this.#options.window()
    const { response } = await (window?.isVisible() === true
      ? dialog.showMessageBox(window, question)
      : dialog.showMessageBox(question))
    if (response === 1) return this.#end()
    if (response === 0) {
      this.#stage = 'background'
      this.#hide()
      // It may have ended while the question stood.
      if (!this.#options.isTraining()) await this.#end()
    } else this.#stage = 'staying'
  }

  #hide(): void {
    this.#options.window()?.hide()
    this.#options.onHidden()
  }

  async #end(): Promise<void> {
    if (this.#stage === 'leaving' || this.#stage === 'left') return
    this.#stage = 'leaving'
    this.#options.window()?.hide()
    try {
      await this.#options.dispose()
    } catch (error) {
      this.#options.log(`Attune could not close everything: ${String(error)}`)
      process.exitCode = 1
    }
    this.#stage = 'left'
    app.quit()
  }
}
