/** The person's wish to stop. */
export interface Interrupts {
  /** Aborted by the first Ctrl+C: stop at a checkpoint. */
  readonly stop: AbortSignal
  /** Aborted by the second: stop at once. */
  readonly kill: AbortSignal
  readonly dispose: () => void
}

/** npm and npx hand a signal on that the terminal has already sent to everybody: what follows within this time is the same one. */
const repeatMilliseconds = 300

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Takes over Ctrl+C, and the signals with which a system or a closing terminal ends a process. */
export function watchInterrupts(source: NodeJS.EventEmitter = process, now: () => number = () => performance.now()): Interrupts {
  const stop = new AbortController()
  const kill = new AbortController()
  let last = -Infinity
  const interrupt = (): void => {
    const isRepeat = now() - last < repeatMilliseconds
    last = now()
    if (isRepeat) return
    if (stop.signal.aborted) kill.abort()
    else stop.abort()
  }
  for (const signal of signals) source.on(signal, interrupt)
  return {
    stop: stop.signal,
    kill: kill.signal,
    dispose: () => {
      for (const signal of signals) source.off(signal, interrupt)
    }
  }
}
