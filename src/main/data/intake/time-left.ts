/** Shares below which, and seconds before which, nobody can say how long the rest takes. */
const FEWEST = 0.02
const SOONEST = 2

/** Seconds until all is read, from the pace so far; null while that says nothing. `since`: seconds since reading began. */
export function secondsLeft(share: number, since: number): number | null {
  if (share < FEWEST || since < SOONEST) return null
  return (since * (1 - Math.min(1, share))) / share
}
