const COLOURS = 6

/** A number that an id always has (FNV-1a). */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/**
 * The colour (0 to 5) of each run: the one that its id asks for, so that a run keeps it from one comparison to the next; where two ask for the
 * same, the one with the smaller id has it and the other takes the next that is free.
 */
export function runColours(ids: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>()
  const colours = new Map<string, number>()
  for (const id of ids.toSorted()) {
    let colour = hashOf(id) % COLOURS
    for (let tried = 0; taken.has(colour) && tried < COLOURS; tried++) colour = (colour + 1) % COLOURS
    taken.add(colour)
    colours.set(id, colour)
  }
  return colours
}
