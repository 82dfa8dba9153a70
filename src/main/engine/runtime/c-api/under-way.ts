/** Stops each run that is under way on another thread. */
const stops = new Set<() => void>()

let watching = false

/** Keeps `stop` for as long as `run` lasts, to be called if the process exits before: Node waits for its threads, however long a run takes. */
export async function stopAtExit<T>(stop: () => void, run: () => Promise<T>): Promise<T> {
  if (!watching) process.once('exit', () => stops.forEach((each) => each()))
  watching = true
  stops.add(stop)
  try {
    return await run()
  } finally {
    stops.delete(stop)
  }
}
