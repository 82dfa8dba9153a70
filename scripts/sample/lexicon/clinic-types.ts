/** A test and how its result may read: one that cannot wait, one slightly off, one in order. */
export interface ClinicTest {
  readonly name: string
  readonly critical: readonly string[]
  readonly borderline: readonly string[]
  readonly normal: readonly string[]
}

/**
 * The vocabulary of one specialty. Complaints are noun phrases (templates) by how much they weigh when new and present;
 * a leading `+` marks a plural. The grades share words on purpose: "chest", "headache" or "blood" occur in all three.
 */
export interface Specialty {
  readonly id: string
  readonly clinic: string
  readonly alarming: readonly string[]
  readonly concerning: readonly string[]
  readonly minor: readonly string[]
  readonly tests: readonly ClinicTest[]
  readonly bad: readonly string[]
  readonly fine: readonly string[]
  readonly history: readonly string[]
  readonly drugs: readonly string[]
}
