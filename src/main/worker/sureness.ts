/**
 * How sure an answer is, in [0, 1]: the highest probability of a class, as the result screen counts it; of several labels that of the least sure decision, max(p, 1 − p); null for a
 * score, which has none.
 */
export function surenessOf(
  label: string | number | readonly string[],
  probabilities: Readonly<Record<string, number>> | null
): number | null {
  if (probabilities === null || typeof label === 'number') return null
  if (typeof label === 'string') return Math.max(...Object.values(probabilities))
  return Object.values(probabilities).reduce((least, p) => Math.min(least, Math.max(p, 1 - p)), 1)
}
