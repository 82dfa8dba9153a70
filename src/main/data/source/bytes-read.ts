/** Who wants to know how far a file has been read, by its path. */
const listeners = new Map<string, (bytes: number) => void>()

/** Said by whoever reads a file, now and then: bytes from its beginning. */
export const tellBytesRead = (path: string, bytes: number): void => listeners.get(path)?.(bytes)

/** Hears how far a file is read, by any reader of this process, until the returned function is called. */
export function followBytesRead(path: string, listen: (bytes: number) => void): () => void {
  listeners.set(path, listen)
  return () => {
    if (listeners.get(path) === listen) listeners.delete(path)
  }
}
