/**
 * Sentences of contracts with marked parties, amounts, governing law and terms (how long the contract runs and how long notice takes). Companies, countries,
 * periods and numbers that are none of these stand beside them unmarked.
 */
export const titles: readonly string[] = [
  '{kind} of {day}',
  '{kind} no. {reference}',
  'This {kind} is made on {day}',
  '{kind} ({reference})',
  'Agreement for {service}'
]

export const partiesLines: readonly string[] = [
  'between {a} (the "{roleA}") and {b} (the "{roleB}")',
  '{a}, {seatA}, hereinafter {roleA}, and {b}, {seatB}, hereinafter {roleB}, agree as follows',
  'the parties are {a} as {roleA} and {b} as {roleB}',
  '(1) {a} [, {seatA}|] ("{shortA}") and (2) {b} [, {seatB}|] ("{shortB}")',
  '{roleA}: {a}. {roleB}: {b}',
  '{a} and {b} enter into this {kind}',
  'by this {kind} {a} undertakes towards {b} to provide {service}'
]

/** Where a party has its seat: the country there is not the law of the contract. */
export const seats: readonly string[] = [
  'a company incorporated under the laws of {land}',
  'of {town}',
  'registered in {land} under number {number}',
  'with its seat in {town}, {land}',
  'company number {number}'
]

export const recitals: readonly string[] = [
  'whereas {a} has long experience in {service}',
  '{shortA} made its offer no. {reference} on {day}',
  'this replaces the {kind} that {shortB} had with {outsider}',
  '{shortB} has read the offer and the plans',
  '{shortA} and {shortB} have worked together before',
  'this follows the tender in which {shortA} came first'
]

export const prices: readonly string[] = [
  'the [price|fee|remuneration] is {amount}[, plus VAT|]',
  '{roleB} [shall pay|pays] {amount} [a month|per quarter|on signature|in two parts]',
  'a deposit of {amount} is due on signature; the rest, {amount}, on acceptance',
  'liability is limited to {amount} for each year',
  '{shortB} pays {shortA} {amount} for {service}',
  'late payment costs interest of {percent} a year and {amount} for each reminder',
  'for order {reference} of {quantity} units the price is {amount}',
  'the rent for unit {number} is {amount} a month',
  'insurance cover of at least {amount} is kept with {outsider}',
  'costs above {amount} need the consent of {shortB}'
]

export const payments: readonly string[] = [
  'invoices are payable within {days}',
  'payment goes to the account at {outsider}, no. {number}',
  'invoice {reference} has been settled',
  '{roleA} sends invoices within {days} of delivery',
  'goods are carried by {outsider} to {land}',
  'faults are answered within {hours}, repaired within {days}',
  'the warranty is {period} from delivery',
  'secrets are kept for {period} after the end',
  'batches of {quantity} units are tested in {town}',
  'clause {clause} applies to {quantity} items at most'
]

export const termLines: readonly string[] = [
  'this {kind} runs for {term} from {day}',
  'the term is {term}; it is renewed for {term} at a time',
  'it begins on {day} and lasts {term}',
  'it is concluded for {term}[, after which either side may extend it|]',
  'it may be ended on {term} notice[ in writing|]',
  "either party may terminate with {term}' notice",
  'notice is {term} to the end of a quarter',
  '{shortA} may end it early on {term} notice, {shortB} at any time',
  'the [initial|fixed] term of {term} cannot be shortened',
  'unless {term} notice is given, it goes on for another {term}'
]

export const lawLines: readonly string[] = [
  'this {kind} is governed by the law[s|] of {law}',
  'the law of {law} applies[, without its conflict rules|]',
  'governing law: {law}',
  'it is subject to {law} law',
  'it is construed under the laws of {law}; the courts of {land} have jurisdiction',
  'disputes go to the courts of {town}, {land}, which apply the law of {law}',
  'the parties choose the law of {law}, not that of {land}',
  'the contract as a whole, wherever performed, follows the law of {law}'
]

export const traps: readonly string[] = [
  'exports to {land} need a licence under the law of {land}',
  'data may be kept in {land} only',
  'both parties observe the tax rules of {land}',
  'clause {clause} survives for {period}',
  'changes need writing; oral side agreements do not count',
  'the schedule lists {quantity} items',
  '{outsider} may audit the books once every {period}',
  'delays of less than {days} are no breach',
  'holidays in {land} are no working days',
  'the model {number} is delivered as seen',
  'the court of arbitration has {quantity} members',
  'a day has {hours} for the purposes of clause {clause}',
  'signed in {town} on {day}'
]

export const signatures: readonly string[] = [
  'Signed for {a}. Signed for {b}',
  'For {shortA}: (signature). For {shortB}: (signature)',
  '{town}, {day}. {a}',
  'Witnessed by {outsider}'
]

export const kinds = [
  'Agreement',
  'Contract',
  'Licence',
  'Lease',
  'Framework Agreement',
  'Service Agreement',
  'Supply Agreement',
  'Purchase Order',
  'Letter Agreement',
  'Engagement'
] as const

export const roles: readonly (readonly [string, string])[] = [
  ['Supplier', 'Customer'],
  ['Licensor', 'Licensee'],
  ['Landlord', 'Tenant'],
  ['Provider', 'Client'],
  ['Consultant', 'Company'],
  ['Carrier', 'Shipper'],
  ['Contractor', 'Employer'],
  ['Seller', 'Buyer'],
  ['Agency', 'Principal'],
  ['Lender', 'Borrower']
]

export const services =
  'the upkeep of lifts|translation of manuals|cleaning of offices|supply of spare parts|software for payroll|catering on weekdays|storage of files|testing of samples|advice on tenders|printing of labels|hosting of the shop|removal of waste|lease of two presses|training of staff|security at night|repair of instruments'.split(
    '|'
  )
