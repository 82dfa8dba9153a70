/**
 * How a complaint stands. `{s}` is the complaint, `{has} {is} {was} {it}` agree with it. Many templates of different courses use
 * the same words in another order ("settled, then came back" against "came back, then settled"), so that counting words is not enough.
 */
export type Course = 'acute' | 'worsening' | 'steady' | 'easing' | 'gone'

export const courses: Readonly<Record<Course, readonly string[]>> = {
  acute: [
    '{he} [woke|came home] {recent} with {s}, [which {has} not let up|still present now|and it has not gone]',
    '{s} came on {recent} and {is} still [there|present|going on]',
    'since {recent} {he} has had {s}',
    '{recent}, [without any warning|out of the blue|while {activity}], {he} developed {s}[, which {has} persisted|, still present|]',
    'for years {he} had no {bare} at all, but {recent} {it} began and {has} not stopped',
    '{s} settled by [itself|lunchtime] at first, then came back {recent} and {has} stayed',
    'what {he} took for {minor} turned out to be {s}, present since {recent}',
    '{his} {relative} [noticed|rang about] {s}, new since {recent}',
    '{recent} saw the start of {s}, and {he} still has {it2}',
    '{he} now has {s}, which {he} did not have [last week|at the last visit|a week ago]',
    'nothing was wrong until {recent}; since then {he} has had {s}',
    'new {bare} since {recent}',
    "{s} of {hours} hours' standing, [ongoing|not settling]",
    '{he} is here because of {s} that [started|began] {recent}',
    'although {he} was free of {it2} for {years}, {s} returned {recent} and {is} present as I write',
    '{he} made light of {it2}, yet {s} [began|started] {recent} and {has} not eased',
    'not gone since {recent}: {s}',
    '{s} {was} gone by the weekend, {he} thought; {it} returned {recent} and {he} has {it2} now'
  ],
  worsening: [
    'over {weeks} {s} {has} become [worse|more frequent|harder to bear]',
    '{s} {has} been getting [steadily|clearly|much] worse {forWeeks}',
    'what began as {minor} has over {weeks} turned into {s}, worse each [week|time]',
    '{s}, [stable|steady|no trouble] for {years}, {has} been getting worse {forWeeks}',
    '{s} {was} better [in spring|after the tablets|for a while], but {is} now [worse|clearly worse] than before',
    'the [tablets|exercises|first treatment] helped for {years}; they no longer do, and {s} [gets|grows] worse by the week',
    '{he} reports {s}, [progressing|increasing|creeping up] over {weeks}',
    '{s} {has} not improved; {it} went from once a month to every day over {weeks}',
    '{forWeeks} {he} has had {s}, a little more each [day|week]',
    'far from settling, {s} {has} [increased|progressed] over {weeks}',
    '{he} said {it} would pass, but {s} {is} more frequent than {it} {was} {weeks} ago',
    'each week is worse than the last as to {s}, now {weeks} in',
    '{s} {was} unchanged from {year} until {thisSpring}; since then {it} {has} grown worse',
    '{weeks} ago {he} hardly noticed {s}; now {he} notices {it2} every day'
  ],
  steady: [
    '{he} has had {s} for {years}, [unchanged|no worse, no better|always the same]',
    '{s} {has} been [the same|unaltered] since {year}',
    '{s} {has} not been getting worse [over {weeks}|{forWeeks}|], and {he} is used to {it2}',
    '{s} {has} [neither grown worse nor better|not changed] since [I last wrote|the last visit|{year}]',
    'for {years} {he} has lived with {s}, [no different now|and nothing about {it2} has changed]',
    'there {is} {s}, [known|documented] since {year} and [stable|stationary] since',
    '{his} {relative} thought {s} {was} new, but {it} {was} [there|noted] in {year} and {is} just the same now',
    '{s} {is} no worse than at the last [review|visit], whatever {he} feared',
    '{he} mentions {s}, as {he} does every year, without any change',
    '{s}, worse for a while in {year}, {has} been steady for {years} since',
    'long known: {s}, stable',
    'at every visit since {year} {he} has described {s} in the same words'
  ],
  easing: [
    '{s} of {weeks} ago {is} [easing|clearing|nearly gone]',
    '{s}, [quite bad|troublesome] {weeks} ago, {is} now [much better|milder every day]',
    '{he} was troubled by {s} {recent}, but {it} {is} easing with {treatment}',
    '{s} {was} getting worse until {treatment}; since then {it} {has} been getting better',
    '{s} {is} less frequent than {weeks} ago: once a day has become once a week',
    '{s} {has} improved [by half|a good deal] over {weeks}',
    'each week is better than the last as to {s}',
    '{s} {has} not gone yet, but {he} hardly notices {it2} now',
    'no longer as bad as {weeks} ago: {s}'
  ],
  gone: [
    '{he} had {s} in {year}; none since',
    '{s} in {year} [settled|cleared] with {treatment} and {has} not come back',
    'since {treatment} in {year} there has been no {bare}',
    '{s} came back once in {year} but settled by itself, and {he} has been free of {it2} since',
    'years ago there {was} {s}; that is [long over|behind {him}]',
    '{s} {was} present [at the age of {n20}|as a student|in {his} twenties] and never again',
    'for years {he} was bothered by {s}, but since {treatment} {it} {has} gone',
    '{he} no longer has {s}, [not one episode|none at all] since {year}',
    'the {bare} that brought {him} to us in {year} {has} gone completely',
    'in {month} {year} {he} was admitted with {s}, [fully|completely] resolved at discharge and [absent|not seen] since',
    '{s} {was} there every day until {treatment}; {he} has had none for {years}'
  ]
}

/** A second sentence that says again how the complaint just named stands. */
export const courseEchoes: Readonly<Record<Course, readonly string[]>> = {
  acute: [
    'nothing has made {it2} go away',
    '{it} {is} present as I write',
    'there has been no let-up',
    '{he} has {it2} now',
    'this is new for {him}',
    '{it} came [suddenly|quickly] and {has} stayed'
  ],
  worsening: [
    'the trend is upwards',
    'it is clearly not settling',
    'every week adds a little',
    'there is no sign of improvement',
    'the pace is quickening',
    'things are getting worse'
  ],
  steady: [
    'nothing has changed in all this time',
    'there is no sign of progression',
    '{he} has got used to {it2}',
    'this is an old story',
    'the pattern is the same as ever',
    'things are not getting worse'
  ],
  easing: [
    'the trend is downwards',
    'it is clearly settling',
    'every week takes a little off',
    'there is no sign of a relapse',
    'things are getting better',
    'recovery is well on its way'
  ],
  gone: [
    'nothing has come of it since',
    'there has been no return',
    '{he} has been well since',
    'that chapter is closed',
    '{it} left no trace',
    'it has not been seen again'
  ]
}

/** Mentions that say nothing about the patient's present state, by the reason why not. */
export const mentions: Readonly<
  Record<'denied' | 'family' | 'other' | 'hypothetical' | 'worry' | 'mistaken', readonly string[]>
> = {
  denied: [
    '{he} denies {s}',
    'no {bare}, no {bare2}',
    'there has been no {bare} [today|this week|at any time|]',
    'asked directly, {he} has had no {bare} [since {recent}|over {weeks}|]',
    '{he} has never had {s}',
    'neither {s} nor {s2} [since {recent}|on direct questioning|]',
    'I asked about {s} and about {s2}: none',
    'without any {bare}',
    'not once has there been {s}',
    '{s} {was} not [present|reported|found], and nor {was2} {s2}',
    'free of {s}',
    'nil {bare}'
  ],
  family: [
    '{his} {relative} [had|was admitted with|developed] {s} {recent}',
    '{his} {relative} had {s} in [late middle age|old age|youth]',
    'there is a family history of {s}',
    'it is {his} {relative}, not {he}, who has {s}',
    '{his} {relative} was rushed to hospital {recent} with {s}, which frightened the family',
    'while sitting with {his} {relative}, who has {s} since {recent}, {he} feels well',
    '{his} {relative} died of what began as {s}'
  ],
  other: [
    'a [colleague|neighbour|friend from the choir] collapsed {recent} with {s}',
    'a [colleague|neighbour|cousin] has had {s} since {recent}',
    'at {his} work as {job} {he} saw a customer with {s}, [still in hospital|urgently admitted]'
  ],
  hypothetical: [
    'should {s} [occur|develop], {he} knows to ring 999',
    'I told {him} to come back at once if there is {s}',
    '{he} has been advised to seek urgent help in case of {s}',
    'if ever {he} has {s}, the emergency plan applies',
    'the leaflet lists {s} as a reason to call; {he} has none of it',
    'would {he} develop {s}, things would be different'
  ],
  worry: [
    '{he} is afraid of {s}, having read about {it2}',
    '{he} worries that one day {he} might have {s}',
    '{he} has looked up {s} on the internet [since {recent}|for {weeks}]',
    '{he} asks whether {minor} could ever lead to {s}'
  ],
  mistaken: [
    'the letter of {month} that speaks of {s} belongs to another patient',
    'the call note says {s}; {he} says this was a misunderstanding and it was {minor}',
    'coded in error as {s}; [it was|this was] {minor}',
    'what the ambulance sheet of {year} calls {s} proved to be {minor}'
  ]
}
