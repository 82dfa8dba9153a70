import { describe, expect, it } from 'vitest'
import { PeakMemory, processMemory } from '../../../../src/main/base/process-memory.ts'

describe('memory of this process', () => {
  it('is read from what the kernel says, mapped files apart', () => {
    const status = 'Name:\tnode\nVmHWM:\t  500 kB\nVmRSS:\t  400 kB\nRssAnon:\t  290 kB\nRssFile:\t  110 kB\nRssShmem:\t 0 kB\n'
    expect(processMemory(status)).toEqual({ resident: 409_600, own: 290 * 1024, mapped: 110 * 1024, peak: 500 * 1024 })
  })

  it('is what Node knows where the kernel says nothing', () => {
    const { resident, own, mapped, peak } = processMemory('')
    expect(own).toBe(resident)
    expect(mapped).toBe(0)
    // A process that runs Node takes some dozen megabytes, and its peak is no less than what it has now (within a page or two).
    expect(resident).toBeGreaterThan(20e6)
    expect(peak).toBeGreaterThan(0.9 * resident)
  })

  it('grows by what is touched, and its peak remembers what is gone', () => {
    const memory = new PeakMemory()
    const before = memory.look().own
    const block = new ArrayBuffer(300e6)
    new Uint8Array(block).fill(1)
    expect(memory.look().own - before).toBeGreaterThan(250e6)
    // Detaches the memory from `block`; what takes its place is dropped at once.
    block.transfer(0)
    expect(memory.peak().own - before).toBeGreaterThan(250e6)
  })
})
