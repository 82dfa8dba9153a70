/** Entries of a data folder that pass: made anew whenever they are needed, or only while the program runs. */
const passing = new Set(['cache', 'quarantine', 'temporary', 'outbox', 'attune.lock', 'open.html', 'attune.sqlite-wal', 'attune.sqlite-shm'])
/** What a backup has no use for: former states of the tracker, and this folder's own way in and out. */
const own = new Set(['backups', 'moved.json', 'moving.json'])

const isHalf = (path: string): boolean => /(^|\/)(\.new-[^/]*|[^/]*\.tmp)(\/|$)/.test(path)

/** What a backup leaves out. */
export const isPassing = (path: string): boolean => passing.has(path) || own.has(path) || isHalf(path)

/** What stays behind when the folder moves. */
export const isLeftBehind = (path: string): boolean => passing.has(path) || path === 'moved.json' || path === 'moving.json' || isHalf(path)
