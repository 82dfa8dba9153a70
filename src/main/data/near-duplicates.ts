import { bandsOf, binsOf, NEAR, shinglesOf, similarity } from './near/shingles.ts'

/**
 * Which of `texts` nearly repeats one of `others`: at least 80 % of the runs of five characters in common, whatever case, accents' form and white
 * space. Candidates come from hashing (MinHash), each is then compared exactly, so that none is named wrongly.
 */
export function nearDuplicates(texts: readonly string[], others: readonly string[]): readonly boolean[] {
  const index = new Map<number, number[]>()
  others.forEach((text, i) => {
    for (const key of bandsOf(binsOf(shinglesOf(text)))) {
      const found = index.get(key)
      if (found) found.push(i)
      else index.set(key, [i])
    }
  })
  return texts.map((text) => {
    const own = shinglesOf(text)
    const candidates = new Set([...bandsOf(binsOf(own))].flatMap((key) => index.get(key) ?? []))
    return [...candidates].some((i) => similarity(own, shinglesOf(others[i] ?? '')) >= NEAR)
  })
}
