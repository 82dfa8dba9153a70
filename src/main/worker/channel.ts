import type { TrainerEvent, TrainerRequest } from './protocol.ts'

/** The trainer's way to whoever started it. */
export interface Channel {
  readonly send: (event: TrainerEvent) => void
  /** Hears every request from now on. */
  readonly listen: (hear: (request: TrainerRequest) => void) => void
  /** Sends the last event; the process ends once it has been handed over. */
  readonly end: (event: TrainerEvent) => void
}

/** What Electron adds to `process` in a utility process: the port to the process that forked it. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
}

/** The channel of this process: Electron's port where it is a utility process, otherwise that of a child of Node. */
export function openChannel(): Channel {
  const { parentPort } = process as { readonly parentPort?: ParentPort } // Absent in plain Node.
  return parentPort ? utilityChannel(parentPort) : childChannel()
}

function childChannel(): Channel {
  // Without a parent there is nobody to train for.
  process.on('disconnect', () => process.exit())
  return {
    send: (event) => void process.send?.(event),
    listen: (hear) => void process.on('message', (request: TrainerRequest) => hear(request)),
    // The channel is closed only after the last event has been handed over.
    end: (event) => void process.send?.(event, undefined, undefined, () => process.disconnect())
  }
}

/** A message that has just been posted is lost where the process ends at once: it stays until the parent has released it. */
function utilityChannel(port: ParentPort): Channel {
  return {
    send: (event) => port.postMessage(event),
    listen: (hear) =>
      void port.on('message', ({ data }) => {
        const message = data as TrainerRequest | Release // Our own main process is the only one that holds the other end.
        if (message.kind === 'release') process.exit()
        else hear(message)
      }),
    end: (event) => port.postMessage(event)
  }
}

/** The parent has the last event. Only a utility process is told; a child of Node closes its channel itself. */
export interface Release {
  readonly kind: 'release'
}
