/** Made by hand: sentences out of which the fake's letters are put together. Nobody in them exists. */
const OPENINGS = [
  'Thank you for seeing Ms Redfern, a 78-year-old gardener.',
  'Referral for the early arthritis clinic: Mr Mercer, 60 years.',
  'Referral for the thyroid clinic: Ms Fairley, 33 years.',
  'I would be grateful for your opinion on Mr Oakes, a retired teacher.',
  'This 45-year-old baker was seen in surgery today.'
]
const MIDDLES: Readonly<Record<string, readonly string[]>> = {
  emergency: [
    'Crushing chest pain since this morning, spreading to the left arm, with sweating.',
    'Rapidly spreading redness of the leg with severe pain; temperature 39.9, pulse 146.'
  ],
  urgent: [
    'Unexplained weight loss of 9 kg over two months and a hard lump in the neck.',
    'Two episodes of visual loss in one eye, each lasting some minutes, this week.'
  ],
  soon: [
    'Hip pain with night sweats has increased over five weeks. Far from settling, it is getting worse.',
    'Hypos without warning signs on the present dose, twice in the past month.'
  ],
  routine: [
    'Longstanding mild eczema of both hands, controlled with emollients; asks about patch tests.',
    'Occasional heartburn after large meals for years, no weight loss, no trouble swallowing.'
  ]
}
const CLOSINGS = [
  'No past history of note. She prefers afternoon appointments.',
  'He retired last year and took up swimming. Medication as listed.',
  'Asked directly, there has been no numbness and no fever since the day before yesterday.',
  ''
]

export const CLASSES = ['routine', 'soon', 'urgent', 'emergency'] as const
const WEIGHTS = [0.46, 0.27, 0.18, 0.09]

/** A number in [0, 1) that depends on nothing but `n`. */
export function drawn(n: number): number {
  const x = Math.sin(n * 12.9898 + 78.233) * 43758.5453
  return x - Math.floor(x)
}

const pick = <T>(from: readonly T[], n: number): T => from[Math.floor(drawn(n) * from.length)]!

export function classOf(n: number): (typeof CLASSES)[number] {
  let left = drawn(n * 7 + 1)
  for (const [index, weight] of WEIGHTS.entries()) {
    left -= weight
    if (left < 0) return CLASSES[index]!
  }
  return 'routine'
}

export function letter(n: number): string {
  const middle = pick(MIDDLES[classOf(n)]!, n * 3)
  return [pick(OPENINGS, n), middle, pick(CLOSINGS, n * 5), n % 11 === 0 ? middle : ''].filter((part) => part !== '').join(' ')
}

export const patient = (n: number): string => `P${String(Math.floor(drawn(n * 13) * 420)).padStart(4, '0')}`
