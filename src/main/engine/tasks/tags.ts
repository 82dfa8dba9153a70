import type { Mark } from '../../base/mark.ts'

/** How marked passages are told by one tag a word: BIO (Ramshaw & Marcus 1995) or BILOU (Ratinov & Roth 2009). */
export type TagScheme = 'BIO' | 'BILOU'

/** What stands where nothing is marked; always the first tag. */
export const OUTSIDE = 0

const prefixes = { BIO: ['B', 'I'], BILOU: ['B', 'I', 'L', 'U'] } as const
type Prefix = 'B' | 'I' | 'L' | 'U'

/** The tags of a scheme: `O`, then `B-`, `I-` (and `L-`, `U-`) of each type in turn. */
export function tagNames(types: readonly string[], scheme: TagScheme): string[] {
  return ['O', ...types.flatMap((type) => prefixes[scheme].map((prefix) => `${prefix}-${type}`))]
}

/** The types and the scheme of tags in any order; null where they are not of one scheme. Tags that no row had when they were listed may be missing, but not a beginning. */
export function readTagNames(names: readonly string[]): { readonly types: readonly string[]; readonly scheme: TagScheme } | null {
  const parts = names.map((name) => (name === 'O' ? null : /^([BILU])-(.+)$/s.exec(name)))
  const marked = parts.filter((part) => part !== null)
  if (marked.length !== names.length - 1 || new Set(names).size !== names.length) return null
  const types = [...new Set(marked.map(([, , type = '']) => type))]
  const has = (prefix: Prefix, type: string): boolean => names.includes(`${prefix}-${type}`)
  if (types.length === 0 || !types.every((type) => has('B', type) || has('U', type))) return null
  return { types, scheme: marked.some(([, prefix]) => prefix === 'L' || prefix === 'U') ? 'BILOU' : 'BIO' }
}

/** Tags by number, for a list of types. */
export class TagSet {
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly scheme: TagScheme

  constructor(types: readonly string[], scheme: TagScheme) {
    this.types = types
    this.scheme = scheme
    this.names = tagNames(types, scheme)
  }

  get size(): number {
    return this.names.length
  }

  /** The number of a tag. */
  tag(prefix: Prefix, type: number): number {
    const own: readonly Prefix[] = prefixes[this.scheme]
    return 1 + type * own.length + own.indexOf(prefix)
  }

  /** The type of a tag, -1 for `O`. */
  typeOf(tag: number): number {
    return tag === OUTSIDE ? -1 : Math.floor((tag - 1) / prefixes[this.scheme].length)
  }

  prefixOf(tag: number): Prefix | 'O' {
    return tag === OUTSIDE ? 'O' : (prefixes[this.scheme][(tag - 1) % prefixes[this.scheme].length] ?? 'O')
  }

  /** Whether a passage may begin with this tag, or `O` stand there: what may follow `O` and stand at the start. */
  mayStart(tag: number): boolean {
    const prefix = this.prefixOf(tag)
    return prefix === 'O' || prefix === 'B' || prefix === 'U'
  }

  /** Whether a text may end with this tag. */
  mayEnd(tag: number): boolean {
    const prefix = this.prefixOf(tag)
    return this.scheme === 'BIO' || (prefix !== 'B' && prefix !== 'I')
  }

  /** Whether `next` may follow `tag`. */
  mayFollow(tag: number, next: number): boolean {
    const prefix = this.prefixOf(next)
    const goesOn = (prefix === 'I' || prefix === 'L') && this.typeOf(tag) === this.typeOf(next)
    const isOpen = this.scheme === 'BIO' ? tag !== OUTSIDE : ['B', 'I'].includes(this.prefixOf(tag))
    if (this.scheme === 'BILOU' && isOpen) return goesOn
    return this.mayStart(next) || (isOpen && goesOn)
  }
}

/** The tags of the units of a text, which lie in order, for its marks, which lie in order and apart. A unit belongs to the first mark that it overlaps. */
export function encodeTags(
  units: readonly { readonly start: number; readonly end: number }[],
  marks: readonly Mark[],
  tags: TagSet
): Int32Array {
  const encoded = new Int32Array(units.length)
  const typeOf = new Map(tags.types.map((type, id) => [type, id]))
  let from = 0
  for (const { start, end, label } of marks) {
    const type = typeOf.get(label)
    while (from < units.length && (units[from]?.end ?? 0) <= start) from++
    let to = from
    while (to < units.length && (units[to]?.start ?? 0) < end) to++
    if (type !== undefined && to > from) writeTags(encoded.subarray(from, to), type, tags)
    from = Math.max(from, to)
  }
  return encoded
}

function writeTags(into: Int32Array, type: number, tags: TagSet): void {
  into.fill(tags.tag('I', type))
  into[0] = tags.tag('B', type)
  if (tags.scheme === 'BIO') return
  if (into.length === 1) into[0] = tags.tag('U', type)
  else into[into.length - 1] = tags.tag('L', type)
}

/** A passage that tags tell of: the units [first, end), and the number of its type. */
export interface TaggedPassage {
  readonly first: number
  readonly end: number
  readonly type: number
}

/**
 * The passages that tags tell of. Tags that break the scheme are read as conlleval does, and seqeval in its default mode: a passage begins where
 * the type changes, at `B` and `U`, and after `L` and `U`; `I` and `L` without a beginning begin one.
 */
export function decodeTags(encoded: ArrayLike<number>, tags: TagSet): TaggedPassage[] {
  const passages: TaggedPassage[] = []
  let open: { first: number; type: number } | null = null
  for (let at = 0; at <= encoded.length; at++) {
    const tag = at < encoded.length ? (encoded[at] ?? OUTSIDE) : OUTSIDE
    const [prefix, type] = [tags.prefixOf(tag), tags.typeOf(tag)]
    const before: Prefix | 'O' = at === 0 ? 'O' : tags.prefixOf(encoded[at - 1] ?? OUTSIDE)
    const isClosed = before === 'L' || before === 'U'
    if (open && (type !== open.type || prefix === 'B' || prefix === 'U' || isClosed)) {
      passages.push({ first: open.first, end: at, type: open.type })
      open = null
    }
    if (tag !== OUTSIDE) open ??= { first: at, type }
  }
  return passages
}

/** The passages as stretches of the text, from the first unit's start to the last one's end. */
export function marksOf(
  passages: readonly TaggedPassage[],
  units: readonly { readonly start: number; readonly end: number }[],
  tags: TagSet
): Mark[] {
  return passages.map(({ first, end, type }) => ({
    start: units[first]?.start ?? 0,
    end: units[end - 1]?.end ?? 0,
    label: tags.types[type] ?? ''
  }))
}
