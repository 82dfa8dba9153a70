/** What Attune keeps in a data folder. Anything else there is somebody else's: it is neither copied nor deleted. */
const entries = new Set([
  'adapters',
  'bin',
  'configurations',
  'datasets',
  'encryption.json',
  'keys.json',
  'model-notes',
  'models',
  'place.json',
  'projects',
  'runs',
  'signing',
  'use'
])
/** Made anew whenever they are needed, or only there while the program runs. */
const passing = new Set(['cache', 'quarantine', 'temporary', 'outbox', 'attune.lock', 'open.html'])
/** Former states of the tracker, and this folder's own way in and out. */
const bound = new Set(['backups', 'moving.json', 'moved-from.json', 'window.json'])

/** What belongs to this machine: it moves along, and no backup takes it to another. */
const machine = new Set(['devices'])

const isTracker = (name: string): boolean => name.startsWith('attune.sqlite')
const isLog = (name: string): boolean => /^attune\.sqlite-(wal|shm)$/.test(name)
const topOf = (path: string): string => path.split('/')[0] ?? ''
const isHalf = (path: string): boolean => /(^|\/)(\.new-[^/]*|[^/]*\.tmp)(\/|$)/.test(path)

/**
 * Whether an entry of a data folder is Attune's. `moved.json`, the pointer, is not: it outlives the data. Nor is `shell`: the window's own files, which
 * it has open as long as the program runs.
 */
export const isOwn = (name: string): boolean =>
  entries.has(name) || passing.has(name) || bound.has(name) || machine.has(name) || isTracker(name)

/** What a backup leaves out. */
export function isPassing(path: string): boolean {
  const top = topOf(path)
  return !(entries.has(top) || isTracker(top)) || isLog(top) || isHalf(path)
}

/** What stays behind when the folder moves. */
export function isLeftBehind(path: string): boolean {
  if (machine.has(topOf(path))) return isHalf(path)
  return topOf(path) === 'backups' || topOf(path) === 'window.json' ? isHalf(path) : isPassing(path)
}
