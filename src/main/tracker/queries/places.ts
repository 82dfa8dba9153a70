import { sep } from 'node:path'
import { sql, type WritableDb } from '../tracker.ts'

/** Brings the paths of runs and models up to where the data folder lies now. */
export function movePaths(db: WritableDb, former: string, present: string): void {
  const moved = (path: string): string =>
    path === former || path.startsWith(former + sep) ? present + path.slice(former.length) : path
  db.transaction(() => {
    for (const { id, folder, config_file } of db.all(sql.selectFrom('runs').select(['id', 'folder', 'config_file']))) {
      const change = { folder: folder === null ? null : moved(folder), config_file: moved(config_file) }
      db.run(sql.updateTable('runs').set(change).where('id', '=', id))
    }
    for (const { id, folder } of db.all(sql.selectFrom('models').select(['id', 'folder'])))
      db.run(
        sql
          .updateTable('models')
          .set({ folder: moved(folder) })
          .where('id', '=', id)
      )
  })
}
