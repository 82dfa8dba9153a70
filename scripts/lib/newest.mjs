import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The latest modification time, in milliseconds, of the files at or under `paths`; 0 where none exists. */
export function newest(paths) {
  let latest = 0
  for (const path of paths) {
    const facts = statSync(path, { throwIfNoEntry: false })
    if (facts === undefined) continue
    latest = Math.max(latest, facts.mtimeMs)
    if (facts.isDirectory()) latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))))
  }
  return latest
}
