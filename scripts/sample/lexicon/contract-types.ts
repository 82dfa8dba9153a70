/**
 * The vocabulary of one kind of clause. A clause is of the kind of its `cores` (what is agreed). `events` (when it applies), `nouns`
 * (what it leaves untouched) and `follows` of a kind occur in clauses of other kinds too, so that its words alone do not tell it.
 */
export interface ClauseKind {
  readonly cores: readonly string[]
  readonly events: readonly string[]
  readonly nouns: readonly string[]
  readonly follows: readonly string[]
}
