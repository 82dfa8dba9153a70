/**
 * Ways of saying how something was. `{x}` is "the queue was", `{the}` "the queue", `{d}` a description, `{opposite}` one from the other
 * side. `sense` tells what the template makes of the value of `{d}`. A `whole` saying is a sentence of its own and is never joined to
 * another; one for `praise` only takes descriptions from the good side.
 */
export interface Saying {
  readonly template: string
  readonly sense: 'keep' | 'flip' | 'soften'
  readonly whole?: boolean
  readonly praise?: boolean
}

const say = (sense: Saying['sense'], templates: readonly string[], limits: Pick<Saying, 'whole' | 'praise'> = {}): Saying[] =>
  templates.map((template) => ({ template, sense, ...limits }))

export const plainSayings: readonly Saying[] = say('keep', [
  '{x} {intense} {d}',
  '{x} {d}',
  'I found {the} {d}',
  'we thought {the} {d}',
  '{x} {d} [from start to finish|throughout|the whole time|this time|as far as I could see]',
  '{the} struck me as {d}'
])

export const sayings: readonly Saying[] = [
  ...say('keep', [
    '{x} never anything but {d}',
    '{x} nothing if not {d}',
    'far from being {opposite}, {x} {d}',
    '{x} {d}, and not {opposite} as the leaflet claimed'
  ]),
  ...say(
    'keep',
    [
      'as for {the}: {d}',
      'I had heard that {the} would be {opposite}; {itwas} {d}',
      'my neighbour [swears|says] that {the} {isare} {opposite}, yet I found {them} {d}',
      'last year {x} {opposite}, this time {d}',
      'once {opposite}, {the} {isare} now {d}',
      'others write that {x} {opposite}; to us {itwas} {d}',
      'do not believe those who call {the} {opposite}: {itwas} {d}'
    ],
    { whole: true }
  ),
  ...say('flip', [
    '{x} not {d}',
    '{x} not {d} [at all|in the least|this time]',
    '{x} anything but {d}',
    '{x} by no means {d}',
    'nobody could call {the} {d}',
    '{x} far from {d}',
    'I would not say that {x} {d}',
    '{x} no longer {d}',
    '{x} never {d}',
    '{x} hardly {d}',
    'I cannot agree that {x} {d}'
  ]),
  ...say(
    'flip',
    [
      '{the} used to be {d}; those days are over',
      'I expected {the} to be {d} and was wrong',
      'once {d}, {the} {isare} so no more'
    ],
    { whole: true }
  ),
  ...say(
    'flip',
    ['if only {the} had been {d}', 'they promise that {the} {isare} {d}; not on my visit', 'I wish I could say that {x} {d}'],
    { whole: true, praise: true }
  ),
  ...say('soften', [
    '{x} a little {d}',
    '{x} [somewhat|slightly|rather] {d}',
    '{x} {d} [at times|in parts|on the first day]',
    '{x} perhaps {d}',
    '{x} mostly {d}',
    '{x} just about {d}'
  ])
]

export const intensifiers: readonly string[] = [
  'very',
  'really',
  'extremely',
  'truly',
  'incredibly',
  'so',
  'remarkably',
  'thoroughly'
]

/** Joins of two judgements. The second counts more in the first list, the first in the second. */
export const lateWins: readonly string[] = [
  '{one}, but {two}',
  'although {one}, {two}',
  '{one}; still, {two}, and that is what I remember',
  'even though {one}, {two}',
  'granted, {one}, yet {two}',
  'while {one}, [what counts is that|in the end] {two}',
  '{one}. However, {two}',
  'it is true that {one}, but {two}'
]
export const earlyWins: readonly string[] = [
  '{one}, although {two}',
  '{one}, even though {two}',
  '{one}; that {two} hardly matters',
  '{one}, never mind that {two}',
  '{one}, which makes up for the fact that {two}',
  '{one}, and I can live with it that {two}',
  '{one}, for all that {two}'
]
export const evenJoins: readonly string[] = [
  '{one} and {two}',
  '{one}; {two}',
  '{one}. {Two}',
  '{one}, and moreover {two}',
  '{one}, just as {two}'
]

/** Weighs one judgement above or below the others. */
export const heavy: readonly string[] = [
  'what matters most to me: {one}',
  'above all, {one}',
  'the main thing is that {one}',
  'I came for one reason, and {one}',
  '{one}, and that decides it for me'
]
export const light: readonly string[] = [
  'not that it matters, but {one}',
  'a trifle: {one}',
  'by the way, {one}',
  'as a side note, {one}',
  '{one}, though I do not mind either way'
]

export const starts: readonly string[] = [
  'I came [on {weekday}|in {month}|with my {relative}|for the second time|by bus]',
  'this was my [first|third|tenth] {visit} here',
  'we booked [online|by telephone|weeks ahead|at the last minute]',
  'my {relative} [recommended|chose|found] this place',
  'our {visit} [in {month}|on {weekday}] took [an hour|the whole day|longer than planned]',
  'I live in {place} and pass here [often|every day]',
  'a colleague who works as a {job} sent me here',
  'having read [good and bad|mixed] reviews, I came with an open mind'
]
/** Strong words about something else than this visit. */
export const elsewhere: readonly string[] = [
  'the place in {place} we tried before was {bad}',
  'nothing like the {bad} time we had in {place}',
  'my {relative} calls the branch in {place} {good}',
  'the weather was {weather} all day',
  'the film we saw afterwards was {good}',
  'traffic on the way was {bad}',
  'the old owners were said to be {bad}',
  'the {job} next door is {good}, by all accounts'
]
export const goodWords: readonly string[] = [
  'wonderful',
  'excellent',
  'superb',
  'lovely',
  'brilliant',
  'great',
  'perfect',
  'delightful'
]
export const badWords: readonly string[] = [
  'awful',
  'terrible',
  'dreadful',
  'horrible',
  'poor',
  'disappointing',
  'hopeless',
  'miserable'
]

/** Descriptions that fit anything. */
export const anyWords: Readonly<Record<'best' | 'good' | 'poor' | 'worst', readonly string[]>> = {
  best: ['excellent', 'superb', 'wonderful', 'outstanding', 'brilliant', 'perfect'],
  good: ['good', 'fine', 'decent', 'nice', 'pleasing', 'all right'],
  poor: ['poor', 'disappointing', 'mediocre', 'below par', 'unsatisfactory'],
  worst: ['terrible', 'awful', 'dreadful', 'appalling', 'atrocious', 'abysmal']
}

/** Closing remarks by how the visit was on the whole, from poor to very good; read together with everything else. */
export const endings: Readonly<Record<'low' | 'middle' | 'high', readonly string[]>> = {
  low: [
    'I will think twice before coming back',
    'next time we shall look elsewhere',
    'I have asked for my money back',
    'it could not go on like this',
    'I would not send a friend'
  ],
  middle: [
    'I might come again',
    'all in all it will do',
    'some things to work on',
    'neither here nor there',
    'we shall see next time'
  ],
  high: [
    'we have booked again',
    'I have told all my friends',
    'it could not have gone better',
    'see you next month',
    'I would not go elsewhere'
  ]
}
