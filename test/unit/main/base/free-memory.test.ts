import { describe, expect, it } from 'vitest'
import { freeMemory } from '../../../../src/main/base/free-memory.ts'

const gigabyte = 2 ** 30
const meminfo = `MemTotal:       16777216 kB\nMemAvailable:   ${(8 * gigabyte) / 1024} kB\n`

/** A system whose small files hold these texts. */
const system = (files: Readonly<Record<string, string>>) => freeMemory((path) => Promise.resolve(files[path] ?? ''))

describe('memory that may still be taken', () => {
  it('is what the machine has free where nothing limits it', async () => {
    const files = { '/proc/meminfo': meminfo, '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': 'max\n' }
    expect(await system(files)).toEqual({ bytes: 8 * gigabyte, bound: 'machine' })
    expect(await system({ '/proc/meminfo': meminfo })).toEqual({ bytes: 8 * gigabyte, bound: 'machine' })
  })

  it('is what a container’s limit leaves, file pages that nobody uses counted as free', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': `${4 * gigabyte}\n`,
      '/sys/fs/cgroup/memory.current': `${3 * gigabyte}\n`,
      '/sys/fs/cgroup/memory.stat': `anon 7\ninactive_file ${gigabyte}\n`
    }
    expect(await system(files)).toEqual({ bytes: 2 * gigabyte, bound: 'container' })
  })

  it('is what the tightest of nested groups leaves', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '1:name=systemd:/x\n0::/user/job\n',
      '/sys/fs/cgroup/user/job/memory.max': 'max',
      '/sys/fs/cgroup/user/memory.max': String(3 * gigabyte),
      '/sys/fs/cgroup/user/memory.current': String(2 * gigabyte)
    }
    expect(await system(files)).toEqual({ bytes: gigabyte, bound: 'container' })
  })

  it('is what the machine has where the limit is beyond that', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': String(64 * gigabyte),
      '/sys/fs/cgroup/memory.current': '0'
    }
    expect(await system(files)).toEqual({ bytes: 8 * gigabyte, bound: 'machine' })
  })

  it('knows the first version of control groups, whose own folder a container does not see', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '5:cpu,memory:/docker/abc\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': String(2 * gigabyte),
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': String(gigabyte),
      '/sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${gigabyte / 2}\n`
    }
    expect(await system(files)).toEqual({ bytes: 1.5 * gigabyte, bound: 'container' })
  })

  it('is never less than nothing', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': '100',
      '/sys/fs/cgroup/memory.current': '300'
    }
    expect(await system(files)).toEqual({ bytes: 0, bound: 'container' })
  })
})
