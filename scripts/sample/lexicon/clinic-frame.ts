/** The sentences around the complaints: how letters open and close, background, examination, tests, and words that mislead. */
export const openings: readonly string[] = [
  'Thank you for seeing {name}, a {age}-year-old {job}',
  'I would be grateful for your opinion on this {age}-year-old {job}',
  'I write about {name}, aged {age}, who [works|has worked] as a {job}',
  'Re {name}, {age}, {job}',
  'This {age} year old {job} [came to surgery|attended|was seen] [today|on {weekday}]',
  '{name} ({age}) [attended|came] with {his} {relative} today',
  'Referral for the {clinic}: {name}, {age} years',
  'I saw {name} at the [practice|branch surgery|walk-in clinic] in {place} on {weekday}',
  '{name} has been my patient since {year}',
  'May I ask you to see {name}, {age}',
  'Dear colleague, {name} is a {age}-year-old {job} from {place}',
  'Further to [our call|my letter of {month}|the clinic of {month}], I write about {name}',
  'Telephone consultation with {name}, {age}, {job}'
]

export const backgrounds: readonly string[] = [
  'past history: {history}, {history2}',
  '{he} had {history} in {year}',
  'background of {history} ({year}) and {chronic}',
  'known {chronic}, [well controlled|stable on treatment]',
  '{he} has {chronic}',
  'PMH {chronic}, {history} {year}',
  'no past history of note',
  'of note, {history} in {year}[, treated at {place}|]'
]

export const chronics: readonly string[] =
  'asthma|high blood pressure|type 2 diabetes|atrial fibrillation|osteoarthritis|an underactive thyroid|migraine|hay fever|anxiety|chronic kidney disease stage 3|eczema|irritable bowel|gout|COPD|raised cholesterol|glaucoma|depression in the past|psoriasis|reflux|osteoporosis'.split(
    '|'
  )

export const medicines: readonly string[] = [
  'takes {drug} and {drug2}',
  'medication: {drug}, {drug2}, {drug3}',
  'on {drug}',
  '{he} stopped {drug} in {month}',
  'current drugs {drug}, {drug2}; no allergies',
  '{drug} was [started|increased] in {month}',
  'allergic to penicillin (rash); takes {drug}'
]

export const socials: readonly string[] = [
  '{he} lives [alone|with {his} {relative}|on the third floor without a lift] in {place}',
  '{he} [never smoked|stopped smoking in {year}|smokes {n8} a day] and drinks [little|at weekends|nothing]',
  '{he} works as a {job} and [enjoys|is fond of] {hobby}',
  '{he} cares for {his} {relative}',
  '{he} does not drive',
  '{he} prefers [morning|afternoon|{weekday}] appointments',
  '{he} needs [an interpreter|hospital transport|a hearing loop]',
  '{he} retired [last year|in {year}] and took up {hobby}',
  '{he} is away [until the {n20}th|in {month}]'
]

export const hobbies: readonly string[] =
  'gardening|bowls|long walks|choir singing|model trains|knitting|angling|cycling|allotment work|watercolours|baking|birdwatching|chess|dancing|swimming|church bell ringing|pottery|carpentry|crosswords|football|walking the dog'.split(
    '|'
  )

export const examinations: readonly string[] = [
  'on examination {fine}, {fine2}',
  'today {fine}; {fine2}',
  'O/E {fine}, {fine2}, {fine3}',
  'findings: {fine}',
  'examination: {fine}; {fine2}'
]

/** Results read at one time and superseded at another: the order decides, not the words. The first list calls for help the same day. */
export const testsCritical: readonly string[] = [
  'the {test} [today|this morning|just phoned through] {critical}',
  '{test} {critical}',
  'the {test}, normal in {year}, now {critical}',
  'the laboratory rang: {test} {critical}',
  'in {year} the {test} was normal; this morning it {critical}',
  'on examination {bad}',
  'today {bad}, though {fine}'
]
export const testsNormal: readonly string[] = [
  'the {test} {normal}',
  '{test} {normal}, repeated and confirmed',
  'the {test}, abnormal in {year}, now {normal}',
  'the {test} [today|this week] {normal}',
  'an outside report that the {test} {critical} was a [mix-up of samples|labelling error]; repeated, it {normal}',
  'in {year} the {test} was clearly abnormal; it now {normal}'
]
export const testsBorderline: readonly string[] = [
  'the {test} {borderline}',
  '{test} {borderline}',
  'the {test} {borderline}, as in {year}',
  'incidentally the {test} {borderline}'
]

/** The patient was seen for it already and sent home after checks: one step less pressing. */
export const cleared: readonly string[] = [
  '{he} was seen for this [in A&E|in the emergency department|by the on-call team] {recent}, fully checked, and discharged [home|safely]',
  'the on-call registrar saw {him} for it {recent}, did every test, and was content to send {him} home',
  'this was assessed at the hospital {recent}; the dangerous causes were ruled out and {he} went home',
  'A&E kept {him} overnight for it, excluded anything dangerous, and discharged {him}'
]
/** Sounds like the above but clears nothing. */
export const notCleared: readonly string[] = [
  '{he} went to A&E {recent} but left before being seen',
  'the on-call registrar could not be reached {recent}, so nothing has been ruled out',
  'the out-of-hours service gave advice by telephone only; {he} was not examined',
  '{he} was due to be checked at the hospital {recent} but did not go'
]

export const impacts: readonly string[] = [
  'because of this {he} cannot [work|sleep|leave the house]',
  '{he} has had to stop [work|driving|{hobby}] on account of it',
  '{he} can no longer [dress|wash|cook] without help because of it'
]
export const noImpacts: readonly string[] = [
  'this does not keep {him} from [work|{hobby}]',
  "{he} sleeps well and has not missed a day's work",
  'it does not stop {him} [working|sleeping|driving]',
  '{he} goes on with {hobby} as before'
]

/** Words of haste or calm about something else than the matter at hand. */
export const hasteElsewhere: readonly string[] = [
  'the urgent referral of {year} was [closed|withdrawn] after normal tests',
  '{he} was seen urgently in {year} for something else',
  'separately, the housing form is urgent and {he} needs it this week',
  '{his} {relative} is under the urgent clinic at present',
  'the word urgent on the {year} form was a slip',
  '{he} asks for an early date only because of a holiday in {month}',
  'the pharmacy needs the new prescription today',
  'an emergency admission in {year} was for a road accident',
  'parking at the emergency entrance upset {him} last time',
  'the insurer presses for a report within two weeks'
]
export const calmElsewhere: readonly string[] = [
  'the insurance form can wait',
  'there is no hurry over the repeat prescription',
  'a routine blood test for the thyroid was normal',
  '{he} has {his} routine eye test in {month}',
  'the routine smear recall and flu jab are up to date',
  'please do not hurry the reply about travel vaccines',
  '{he} came for a routine review of {chronic}, which is fine',
  "last year's check-up was entirely normal",
  '{he} does not like to make a fuss',
  '{he} would rather wait than be a nuisance'
]

export const closings: readonly string[] = [
  'With thanks',
  'Many thanks for your help',
  'I am grateful for your advice',
  'Kind regards, Dr {surname}',
  'Yours sincerely, Dr {surname}, {place} Surgery',
  'Copy to patient',
  'Best wishes, {surname}',
  'Thank you for your opinion',
  'Dictated but not read'
]

export const relatives: readonly string[] =
  'mother|father|sister|brother|wife|husband|partner|daughter|son|aunt|uncle|grandmother|neighbour|cousin'.split('|')
export const treatments: readonly string[] =
  'the operation|a course of tablets|rest|antibiotics|the procedure|a change of tablets|steroids|an injection|a new regime|treatment at {place}|surgery|a stay at {place}|the second course|treatment abroad'.split(
    '|'
  )
export const activities: readonly string[] =
  'watching television|making tea|at church|climbing the stairs|asleep|at work|in the garden|shopping|talking on the telephone|on the bus|ironing|washing the car'.split(
    '|'
  )
