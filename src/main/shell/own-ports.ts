/** What a port of 127.0.0.1 was opened for: this page in a browser, or other programs of this PC. */
export type PortUse = 'page' | 'programs'

const open = new Map<number, PortUse>()

/** Writes down that this program listens on a port, so that what the system lists can be held against it. Returns the function that strikes it off. */
export function ownPort(port: number, use: PortUse): () => void {
  open.set(port, use)
  return () => void open.delete(port)
}

/** Ports that this program has opened. */
export const ownPorts = (): ReadonlyMap<number, PortUse> => new Map(open)
