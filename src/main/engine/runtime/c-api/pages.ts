import { findFunction, type FindFunction } from './file-map.ts'

/** Tells the system in pages of which size memory is to be backed. */
export interface PageAdvice {
  /** Of 2 MiB, for memory of which all is used: the processor finds its place with fewer look-ups. */
  readonly large: (address: number, bytes: number) => void
  /** Of 4 KiB, for memory of which parts may never be touched. */
  readonly small: (address: number, bytes: number) => void
}

const smallPage = 4096

/** Linux's `madvise`; null on other systems, and where the call is not there. What the system makes of it is its own affair: nothing depends on it but speed and memory. */
export function pageAdvice(platform: NodeJS.Platform = process.platform, find: FindFunction = findFunction): PageAdvice | null {
  if (platform !== 'linux') return null
  try {
    const [hugePage, noHugePage] = [14, 15] // MADV_HUGEPAGE and MADV_NOHUGEPAGE
    const madvise = find(null, 'madvise', 'int', ['uint64', 'uint64', 'int'])
    // Whole pages that lie inside: what is beside them belongs to others.
    const advise = (address: number, bytes: number, advice: number): void => {
      const first = Math.ceil(address / smallPage) * smallPage
      const whole = Math.floor((address + bytes - first) / smallPage) * smallPage
      if (whole > 0) madvise(first, whole, advice)
    }
    return {
      large: (address, bytes) => advise(address, bytes, hugePage),
      small: (address, bytes) => advise(address, bytes, noHugePage)
    }
  } catch {
    return null
  }
}
