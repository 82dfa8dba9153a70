import { describe, expect, it } from 'vitest'
import { Random } from '../../../../src/main/base/random.ts'
import { clauseKinds, clauseSentences, clauseTypes, drawStyle } from '../../../../scripts/sample/clauses.ts'
import { composeComment, drawSite, valueOf } from '../../../../scripts/sample/comments.ts'
import { planLetter, urgencies, urgencyOf } from '../../../../scripts/sample/letter-plans.ts'
import { composeLetter, specialties, specialtyFor } from '../../../../scripts/sample/letters.ts'
import { drawPerson } from '../../../../scripts/sample/people.ts'
import { withSlips } from '../../../../scripts/sample/writing.ts'

describe('the urgency of a complaint', () => {
  it.each([
    ['an alarming one that is new', { grade: 'alarming', course: 'acute' }, 2],
    ['an alarming one already checked', { grade: 'alarming', course: 'acute', cleared: true }, 1],
    ['an alarming one that eases', { grade: 'alarming', course: 'easing' }, 1],
    ['an alarming one long gone', { grade: 'alarming', course: 'gone' }, 0],
    ['a concerning one getting worse', { grade: 'concerning', course: 'worsening' }, 1],
    ['a concerning one getting worse and disabling', { grade: 'concerning', course: 'worsening', impact: true }, 2],
    ['a concerning one unchanged', { grade: 'concerning', course: 'steady' }, 0],
    ['a minor one that is new', { grade: 'minor', course: 'acute' }, 0],
    ['a minor one with a critical result', { grade: 'minor', course: 'acute', critical: true }, 2]
  ] as const)('%s', (_, problem, expected) => {
    expect(urgencyOf(problem)).toBe(expected)
  })

  it('of a plan is that of its most pressing complaint', () => {
    const random = new Random(5, 'plans')
    for (let i = 0; i < 500; i++) {
      const { urgency, problems } = planLetter(random)
      expect(urgencies[Math.max(...problems.map(urgencyOf))]).toBe(urgency)
    }
  })

  it('is not told by which words occur: most letters pair a complaint that is new with one that is not', () => {
    const random = new Random(8, 'plans')
    const isActive = ({ course }: { course: string }) => course === 'acute' || course === 'worsening'
    for (const urgency of urgencies) {
      const plans = Array.from({ length: 300 }, () => planLetter(random, urgency).problems)
      const paired = plans.filter((problems) => problems.some(isActive) && !problems.every(isActive))
      expect(paired.length).toBeGreaterThan(200)
    }
  })
})

describe('the lexicons', { timeout: 30_000 }, () => {
  it('have every template in order: no draw fails and none leaves a mark', () => {
    const random = new Random(6, 'lexicons')
    for (let i = 0; i < 600; i++) {
      const person = drawPerson(random)
      const lines = [
        ...composeLetter(random, planLetter(random), person, specialtyFor(random, person), 0.5).sentences,
        ...clauseSentences(random, clauseTypes[i % clauseTypes.length] ?? 'payment', drawStyle(random), 1),
        ...composeComment(random, drawSite(random)).sentences
      ]
      expect(lines.filter((line) => /[{}[\]|]|undefined/.test(line))).toEqual([])
    }
  })

  it('have no complaint under two weights and no agreement under two types', () => {
    const complaints = specialties.flatMap(({ id, alarming, concerning, minor }) =>
      [...alarming, ...concerning, ...minor].map((text) => `${id} ${text}`)
    )
    expect(new Set(complaints).size).toBe(complaints.length)
    const cores = clauseTypes.flatMap((type) => clauseKinds[type].cores)
    expect(new Set(cores).size).toBe(cores.length)
  })
})

describe('the value of a remark', () => {
  it('orders negations, softeners and intensifiers as a reader would', () => {
    const ordered = [
      valueOf('worst', 'keep', false),
      valueOf('poor', 'keep', true),
      valueOf('best', 'flip', false),
      valueOf('poor', 'soften', false),
      valueOf('good', 'soften', false),
      valueOf('worst', 'flip', false),
      valueOf('good', 'keep', false),
      valueOf('good', 'keep', true),
      valueOf('best', 'keep', false)
    ]
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b))
  })
})

describe('slips of the finger', () => {
  it('touch long words only, about as often as asked', () => {
    const text = 'the quick patient walked into the little clinic '.repeat(200).trim()
    const words = withSlips(new Random(2, 'slips'), text, 0.1).split(' ')
    const changed = words.filter((word, i) => word !== text.split(' ')[i])
    expect(changed.length).toBeGreaterThan(50)
    expect(changed.length).toBeLessThan(160)
    expect(changed.every((word) => word.length >= 4)).toBe(true)
  })
})
