/** Everyday names for options whose real name shares no letters with them. */
const synonyms: Readonly<Record<string, string>> = { lr: 'learning_rate', rank: 'r', optimizer: 'optim', wd: 'weight_decay' }

/** Single-character edits and swaps of neighbours that turn one string into the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const table = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => table[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    table.push(row)
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(Math.min(replaced, at(i - 1, j) + 1, at(i, j - 1) + 1, isSwap ? at(i - 2, j - 2) + 1 : Infinity))
    }
  }
  return at(a.length, b.length)
}

const plain = (name: string): string =>
  name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[\s_-]+/g, '')

/** The name most like `wanted`, ignoring case, spaces, hyphens and underscores; null when none is close. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const target = plain(wanted)
  const synonym = Object.hasOwn(synonyms, target) ? synonyms[target] : undefined
  if (synonym !== undefined && names.includes(synonym)) return synonym
  if (target === '') return null
  const ranked = names
    .map((name) => ({ name, distance: distanceTo(target, plain(name)) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(target.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
  return ranked[0]?.name ?? null
}

/** Part of a name counts as one edit: `epochs` for `num_train_epochs`. */
function distanceTo(target: string, candidate: string): number {
  const [short, long] = target.length < candidate.length ? [target, candidate] : [candidate, target]
  const distance = editDistance(target, candidate)
  return short.length >= 3 && long.includes(short) ? Math.min(1, distance) : distance
}
