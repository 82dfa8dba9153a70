import type { Span } from '../spans/span.ts'
import type { Certainty, Found, PersonalRule } from './define-rule.ts'
import { isPersonalKind, kindOfLabel, type PersonalKind } from './kinds.ts'
import { personalRules } from './rules/index.ts'
import { sameNames } from './same-names.ts'

/** A passage that says something of a person; its label is its kind. */
export interface PersonalSpan extends Span {
  readonly label: PersonalKind
  readonly certainty: Certainty
  readonly rule: string
}

/**
 * Marks personal passages in texts. The rules below do, and so can a model that marks tokens: whatever finds, the rest of the work is the same.
 * Spans of a text are in order and do not overlap.
 */
export type Finder = (texts: readonly string[]) => Promise<readonly (readonly Span[])[]>

/** The finder of the built-in rules. `kinds`: those to look for; all where left out. */
export const ruleFinder =
  (kinds?: ReadonlySet<string>): Finder =>
  (texts) =>
    Promise.resolve(texts.map((text) => findPersonal(text, kinds)))

/**
 * The rules together with another finder, such as a model that marks tokens: what both find is theirs whom the rules are sure of, then the longer one.
 * `isWanted`: which of the other's labels are meant; a model may mark drugs and doses too. `onOther` is told of each passage that is not.
 */
export const joined =
  (other: Finder, isWanted: (label: string) => boolean, onOther: (kind: string) => void = () => undefined): Finder =>
  async (texts) => {
    const more = await other(texts)
    return texts.map((text, i) => {
      const marks = (more[i] ?? []).flatMap(({ start, end, label }) => {
        const kind = kindOfLabel(label)
        if (isWanted(kind)) return [{ start, end, label: kind, certainty: 2, rule: 'model' } as const]
        onOther(kind)
        return []
      })
      const own = marks.filter(({ label }) => !isPersonalKind(label))
      const personal = marks.filter(({ label }) => isPersonalKind(label))
      return besides(withoutOverlaps([...findPersonal(text), ...personal], text), own, text)
    })
  }

/** Kinds that only a model knows give way to what says something of a person: they may be left, and a name within a drug must not stay with it. */
function besides<T extends Certain>(personal: readonly T[], own: readonly T[], text: string): readonly T[] {
  const all = [...personal]
  for (const span of own) {
    const rivals = all.filter((other) => other.start < span.end && span.start < other.end)
    all.push(...(rivals.length === 0 ? [span] : restsOf(span, rivals, text)))
  }
  return all.sort((a, b) => a.start - b.start)
}

/** Every passage that the rules find, in order; where two overlap the surer one stands, then the longer one. */
export function findPersonal(text: string, kinds?: ReadonlySet<string>): readonly PersonalSpan[] {
  const found = withoutOverlaps(
    personalRules.flatMap((rule) => foundBy(rule, text)),
    text
  )
  const all = withoutOverlaps([...found, ...sameNames(text, found)], text)
  return kinds ? all.filter(({ label }) => kinds.has(label)) : all
}

function foundBy(rule: PersonalRule, text: string): PersonalSpan[] {
  if (rule.needs && !rule.needs.test(text)) return []
  return Array.from(rule.find(text), ({ start, end, certainty }: Found) => ({
    ...{ start, end, certainty },
    ...{ label: rule.kind, rule: rule.id }
  }))
}

interface Certain extends Span {
  readonly certainty: Certainty
}

/** What is left of an overlapped passage is kept where it still says something by itself: half an address is half a secret. */
const KEEPS_REST: ReadonlySet<string> = new Set(['NAME', 'ADDRESS', 'URL'])

export function withoutOverlaps<T extends Certain>(spans: readonly T[], text: string): readonly T[] {
  const order = [...spans].sort((a, b) => b.certainty - a.certainty || b.end - b.start - (a.end - a.start) || a.start - b.start)
  const kept: T[] = []
  for (const span of order) {
    const rivals = kept.filter((other) => other.start < span.end && span.start < other.end)
    if (rivals.length === 0) kept.push(span)
    else if (KEEPS_REST.has(span.label)) kept.push(...restsOf(span, rivals, text))
  }
  return kept.sort((a, b) => a.start - b.start)
}

function restsOf<T extends Certain>(span: T, rivals: readonly T[], text: string): readonly T[] {
  const rests: T[] = []
  let at = span.start
  for (const { start, end } of [...rivals].sort((a, b) => a.start - b.start)) {
    if (start > at) rests.push({ ...span, start: at, end: start })
    at = Math.max(at, end)
  }
  if (at < span.end) rests.push({ ...span, start: at })
  return rests.flatMap((rest) => trimmed(rest, text))
}

/** Without blanks and marks at its ends; nothing where fewer than two letters or digits are left. */
function trimmed<T extends Certain>(span: T, text: string): readonly T[] {
  const part = text.slice(span.start, span.end)
  const first = part.search(/[\p{L}\p{N}]/u)
  if (first < 0) return []
  const last = part.search(/[^\p{L}\p{N}]*$/u)
  const start = span.start + first
  const end = span.start + last
  return end - start < 2 ? [] : [{ ...span, start, end }]
}
