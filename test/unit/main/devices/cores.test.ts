import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { candidateThreads, coresHere, readCores, usualThreads, type CoreSource } from '../../../../src/main/devices/cores.ts'

interface Cpu {
  readonly siblings: string
  readonly capacity?: number
}

/** A Linux with these processors, all of them allowed but for what `allowed` says. */
function linux(cpus: readonly Cpu[], { allowed = `0-${cpus.length - 1}`, quick = '', logical = cpus.length } = {}): CoreSource {
  const files = new Map([
    ['/proc/self/status', `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${allowed}\nMems_allowed:\t1\n`]
  ])
  if (quick !== '') files.set('/sys/devices/cpu_core/cpus', `${quick}\n`)
  for (const [i, { siblings, capacity }] of cpus.entries()) {
    files.set(`/sys/devices/system/cpu/cpu${i}/topology/thread_siblings_list`, `${siblings}\n`)
    if (capacity !== undefined) files.set(`/sys/devices/system/cpu/cpu${i}/cpu_capacity`, `${capacity}\n`)
  }
  return {
    ...{ platform: 'linux', logical },
    read: async (path) => files.get(path) ?? null,
    sysctl: async () => null
  }
}

/** Four cores of two threads each, numbered as Intel's are. */
const paired = Array.from({ length: 8 }, (_, i) => ({ siblings: `${i % 4},${(i % 4) + 4}` }))

test('Linux tells cores from their second threads', async () => {
  expect(await readCores(linux(paired))).toEqual({ logical: 8, physical: 4, quick: null })
})

test('what affinity or a quota takes away is not counted', async () => {
  expect(await readCores(linux(paired, { allowed: '0,4-5', logical: 3 }))).toEqual({ logical: 3, physical: 2, quick: null })
  expect(await readCores(linux(paired, { logical: 2 }))).toEqual({ logical: 2, physical: 2, quick: null })
})

test('quick cores are told from the others, on Intel by name and on ARM by what they can do', async () => {
  const intel = [
    { siblings: '0-1' },
    { siblings: '0-1' },
    { siblings: '2-3' },
    { siblings: '2-3' },
    { siblings: '4' },
    { siblings: '5' }
  ]
  expect(await readCores(linux(intel, { quick: '0-3' }))).toEqual({ logical: 6, physical: 4, quick: { physical: 2, logical: 4 } })
  const arm = [1024, 1024, 446, 446].map((capacity, i) => ({ siblings: String(i), capacity }))
  expect(await readCores(linux(arm))).toEqual({ logical: 4, physical: 4, quick: { physical: 2, logical: 2 } })
})

test('a system that tells nothing leaves the hardware threads', async () => {
  const nothing: CoreSource = { platform: 'linux', logical: 8, read: async () => null, sysctl: async () => null }
  const known = { logical: 8, physical: null, quick: null }
  expect(await readCores(nothing)).toEqual(known)
  expect(await readCores({ ...nothing, platform: 'win32' })).toEqual(known)
  expect(await readCores({ ...nothing, platform: 'darwin' })).toEqual(known)
})

test("Apple's quick cores are level 0", async () => {
  const answers: Readonly<Record<string, string>> = { 'hw.physicalcpu': '10\n', 'hw.perflevel0.physicalcpu': '4\n' }
  const mac: CoreSource = {
    ...{ platform: 'darwin', logical: 10, read: async () => null },
    sysctl: async ([name = '']) => answers[name] ?? null
  }
  expect(await readCores(mac)).toEqual({ logical: 10, physical: 10, quick: { physical: 4, logical: 4 } })
})

test('candidates: the usual number first, each once', () => {
  expect(candidateThreads({ logical: 2, physical: 2, quick: null })).toEqual([2])
  expect(candidateThreads({ logical: 2, physical: 1, quick: null })).toEqual([2, 1])
  expect(candidateThreads({ logical: 8, physical: 4, quick: null })).toEqual([4, 8])
  expect(candidateThreads({ logical: 20, physical: 14, quick: { physical: 6, logical: 12 } })).toEqual([10, 14, 20, 6, 12])
  expect(candidateThreads({ logical: 16, physical: null, quick: null })).toEqual([8, 16])
})

test('this machine has as many hardware threads as Node says', async () => {
  const { logical, physical } = await coresHere()
  expect(logical).toBe(availableParallelism())
  expect(physical ?? logical).toBeLessThanOrEqual(logical)
  expect(usualThreads({ logical })).toBeGreaterThan(0)
})
