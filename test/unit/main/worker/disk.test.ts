import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../src/main/base/errors.ts'
import { checkDisk, pendingIn, sumByFileSystem, type DiskItem, type FileSystems } from '../../../../src/main/worker/disk.ts'

/** Two disks: the data folder's, and the one below /big. */
const systems = (small: number, big: number): FileSystems => ({
  look: (folder) => Promise.resolve(folder.startsWith('/big') ? { device: 2, free: big } : { device: 1, free: small })
})

const items: readonly DiskItem[] = [
  { what: 'prepared weights', folder: '/data/cache/weights', bytes: 3e9 },
  { what: 'frozen layers', folder: '/data/cache/prefix', bytes: 2e9 },
  { what: 'checkpoints', folder: '/big/runs', bytes: 4e9 },
  { what: 'report', folder: '/big/runs', bytes: 1e6 }
]

describe('what a run writes', () => {
  it('is summed for each file system', async () => {
    const needs = await sumByFileSystem(items, systems(6e9, 5e9))
    expect(needs.map(({ folder, bytes, free }) => ({ folder, bytes, free }))).toEqual([
      { folder: '/data/cache/weights', bytes: 5e9, free: 6e9 },
      { folder: '/big/runs', bytes: 4.001e9, free: 5e9 }
    ])
    expect(() => checkDisk(needs)).not.toThrow()
  })

  it('is refused where one disk is too small, though each part alone would fit', async () => {
    const needs = await sumByFileSystem(items, systems(4e9, 5e9))
    expect(() => checkDisk(needs)).toThrow(InputError)
    expect(() => checkDisk(needs)).toThrow(
      'This run writes about 5.0 GB to the disk that holds /data/cache/weights (prepared weights 3.0 GB, frozen layers 2.0 GB), ' +
        'where 4.0 GB are free. Free some space, or choose another folder for "output".'
    )
  })

  it('says what must be computed first', async () => {
    expect(pendingIn(await sumByFileSystem(items, systems(1, 1)))).toEqual({ prefix: true, features: false })
  })
})
