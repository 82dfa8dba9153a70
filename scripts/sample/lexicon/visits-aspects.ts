/**
 * What visitors judge. `plural` aspects take "were". Descriptions are per aspect, since the same word praises one thing and blames another
 * ("cold" beer, "cold" room; "long" opening hours, "long" queue). From best (+2) to worst (-2).
 */
export interface Aspect {
  readonly names: readonly string[]
  readonly plural?: boolean
  readonly best: readonly string[]
  readonly good: readonly string[]
  readonly poor: readonly string[]
  readonly worst: readonly string[]
}

const staff: Aspect = {
  names: ['staff', 'people at the desk', 'assistants', 'team on duty'],
  plural: true,
  best: ['kindness itself', 'outstanding', 'wonderful', 'more helpful than anyone I have met', 'superb'],
  good: ['friendly', 'helpful', 'polite', 'patient', 'attentive', 'welcoming', 'well informed'],
  poor: ['short with us', 'distracted', 'indifferent', 'hard to find', 'offhand', 'slow to help'],
  worst: ['rude', 'hostile', 'appalling', 'contemptuous', 'dreadful', 'insulting']
}
const wait: Aspect = {
  names: ['wait', 'queue', 'time at the counter', 'wait at the desk'],
  best: ['over in a minute', 'nonexistent', 'shorter than I could have hoped', 'no time at all'],
  good: ['short', 'bearable', 'quick', 'shorter than expected', 'well managed'],
  poor: ['long', 'longer than promised', 'slow', 'tedious', 'badly managed'],
  worst: ['endless', 'over two hours', 'a disgrace', 'unbearably long', 'beyond a joke']
}
const price: Aspect = {
  names: ['price', 'bill', 'cost', 'charge'],
  best: ['a bargain', 'astonishingly low', 'the best in town', 'lower than anywhere'],
  good: ['fair', 'low', 'reasonable', 'modest', 'acceptable'],
  poor: ['high', 'steep', 'higher than quoted', 'on the high side', 'hard to justify'],
  worst: ['outrageous', 'daylight robbery', 'double the estimate', 'scandalously high']
}
const cleanliness: Aspect = {
  names: ['place', 'building', 'floor', 'entrance hall', 'washroom'],
  best: ['spotless', 'immaculate', 'gleaming', 'cleaner than a hospital'],
  good: ['clean', 'tidy', 'well kept', 'bright', 'fresh'],
  poor: ['dusty', 'shabby', 'untidy', 'stuffy', 'tired'],
  worst: ['filthy', 'disgusting', 'foul', 'a health hazard', 'revolting']
}
const parking: Aspect = {
  names: ['parking', 'car park', 'way in from the bus stop'],
  best: ['effortless', 'a dream', 'right at the door'],
  good: ['easy', 'ample', 'close', 'well signed', 'handy'],
  poor: ['cramped', 'far away', 'confusing', 'awkward', 'badly lit'],
  worst: ['a nightmare', 'impossible', 'dangerous', 'chaos']
}
const information: Aspect = {
  names: ['website', 'booking', 'information', 'telephone service', 'signposting'],
  best: ['a model of clarity', 'flawless', 'brilliant', 'perfect'],
  good: ['clear', 'simple', 'accurate', 'useful', 'up to date'],
  poor: ['out of date', 'muddled', 'patchy', 'vague', 'clumsy'],
  worst: ['useless', 'plain wrong', 'hopeless', 'a shambles']
}
const room: Aspect = {
  names: ['room', 'bedroom', 'room at the back', 'suite'],
  best: ['gorgeous', 'as quiet as a chapel', 'magnificent', 'a joy'],
  good: ['quiet', 'warm', 'roomy', 'comfortable', 'cosy', 'sunny'],
  poor: ['cold', 'small', 'noisy', 'dark', 'musty', 'draughty'],
  worst: ['freezing', 'unfit for guests', 'mouldy', 'horrible', 'like a cell']
}
const food: Aspect = {
  names: ['food', 'breakfast', 'soup', 'dinner', 'fish', 'bread'],
  best: ['divine', 'exquisite', 'the best in years', 'unforgettable', 'superb'],
  good: ['tasty', 'hot', 'fresh', 'generous', 'homely', 'well cooked'],
  poor: ['cold', 'bland', 'lukewarm', 'overcooked', 'skimpy', 'greasy'],
  worst: ['inedible', 'stale', 'off', 'vile', 'raw in the middle']
}
const drinks: Aspect = {
  names: ['beer', 'lemonade', 'white wine', 'iced tea'],
  best: ['heavenly', 'perfectly chilled', 'the finest around'],
  good: ['cold', 'refreshing', 'crisp', 'fresh'],
  poor: ['warm', 'flat', 'watery', 'lukewarm'],
  worst: ['undrinkable', 'sour', 'disgusting']
}
const hours: Aspect = {
  names: ['opening hours', 'hours', 'weekend hours'],
  plural: true,
  best: ['ideal', 'as generous as can be', 'perfect for people who work'],
  good: ['long', 'convenient', 'sensible', 'reliable'],
  poor: ['short', 'awkward', 'unreliable', 'inconvenient'],
  worst: ['absurd', 'a bad joke', 'useless to anyone with a job']
}
const doctor: Aspect = {
  names: ['doctor', 'nurse', 'physiotherapist', 'consultant', 'dentist'],
  best: ['exceptional', 'a treasure', 'brilliant', 'the best I have ever seen'],
  good: ['gentle', 'thorough', 'kind', 'clear', 'unhurried', 'reassuring'],
  poor: ['hurried', 'brusque', 'vague', 'rough', 'late'],
  worst: ['negligent', 'cruel', 'dismissive to the point of insult', 'dangerous']
}
const treatment: Aspect = {
  names: ['treatment', 'check-up', 'examination', 'advice'],
  best: ['life-changing', 'excellent', 'first class', 'faultless'],
  good: ['careful', 'effective', 'painless', 'helpful', 'sound'],
  poor: ['rushed', 'painful', 'unclear', 'superficial', 'incomplete'],
  worst: ['botched', 'agonising', 'worthless', 'a disaster']
}
const books: Aspect = {
  names: ['books', 'shelves', 'newspapers', "children's books", 'exhibits', 'displays'],
  plural: true,
  best: ['a delight', 'superb', 'the pride of the town', 'wonderful'],
  good: ['varied', 'up to date', 'well chosen', 'interesting', 'easy to find'],
  poor: ['worn', 'dull', 'out of date', 'few', 'in the wrong place'],
  worst: ['in tatters', 'a disgrace', 'pitiful', 'mostly missing']
}
const computers: Aspect = {
  names: ['computers', 'printers', 'lockers', 'showers', 'machines'],
  plural: true,
  best: ['brand new', 'faultless', 'excellent', 'second to none'],
  good: ['quick', 'modern', 'reliable', 'in good order', 'clean'],
  poor: ['slow', 'old', 'often out of order', 'sticky', 'worn'],
  worst: ['all broken', 'useless', 'unusable', 'filthy']
}
const pool: Aspect = {
  names: ['pool', 'sauna', 'swimming class', 'yoga class', 'gym'],
  best: ['fantastic', 'sheer bliss', 'marvellous', 'the highlight of my week'],
  good: ['warm', 'calm', 'well run', 'clean', 'inviting'],
  poor: ['crowded', 'chilly', 'loud', 'murky', 'disorganised'],
  worst: ['unsafe', 'a disgrace', 'icy', 'unhygienic']
}
const repair: Aspect = {
  names: ['repair', 'service', 'work on the brakes', 'bodywork', 'new clutch'],
  best: ['flawless', 'masterly', 'perfect', 'done in an hour'],
  good: ['sound', 'neat', 'quick', 'solid', 'on time'],
  poor: ['sloppy', 'late', 'half finished', 'noisy', 'untidy'],
  worst: ['dangerous', 'a botch', 'worse than before', 'a complete failure']
}
const music: Aspect = {
  names: ['music', 'atmosphere', 'terrace', 'seating', 'lighting'],
  best: ['magical', 'enchanting', 'glorious', 'perfect'],
  good: ['pleasant', 'relaxed', 'soft', 'cheerful', 'comfortable'],
  poor: ['loud', 'gloomy', 'cramped', 'cold', 'harsh'],
  worst: ['deafening', 'unbearable', 'grim', 'awful']
}

export const siteKinds: Readonly<Record<string, readonly Aspect[]>> = {
  hotel: [room, food, staff, price, cleanliness, parking, information, drinks],
  clinic: [doctor, treatment, wait, staff, cleanliness, parking, information, hours],
  library: [books, computers, hours, staff, cleanliness, music, information],
  leisure: [pool, computers, staff, price, hours, cleanliness, parking],
  garage: [repair, price, wait, staff, information, hours, parking],
  restaurant: [food, drinks, music, wait, staff, price, cleanliness]
}

export const visitNouns: Readonly<Record<string, readonly string[]>> = {
  hotel: ['stay', 'weekend', 'visit', 'three nights'],
  clinic: ['appointment', 'visit', 'morning', 'consultation'],
  library: ['visit', 'afternoon', 'study day', 'reading hour'],
  leisure: ['visit', 'session', 'evening', 'membership so far'],
  garage: ['repair', 'visit', 'MOT', 'experience'],
  restaurant: ['meal', 'evening', 'lunch', 'birthday dinner']
}
