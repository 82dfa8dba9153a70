/** Party pairs: the one who supplies and the one who pays. */
export const parties: readonly (readonly [string, string])[] = [
  ['Supplier', 'Customer'],
  ['Licensor', 'Licensee'],
  ['Landlord', 'Tenant'],
  ['Provider', 'Client'],
  ['Consultant', 'Company'],
  ['Carrier', 'Shipper'],
  ['Agency', 'Principal'],
  ['Contractor', 'Employer'],
  ['Manufacturer', 'Distributor'],
  ['Laboratory', 'Sponsor'],
  ['Host', 'Subscriber'],
  ['Seller', 'Buyer']
]

export const goods =
  'the Goods|the Products|the Equipment|the machines|the modules|the instruments|the deliverables|the devices|the panels|the spare parts'.split(
    '|'
  )
export const deliveries =
  'delivery|the Services|the work|installation|performance|transport|maintenance|the project|completion|the deliveries'.split('|')
export const orders = 'orders|bookings|commissions|call-offs|work packages'.split('|')
export const secrets =
  "the Confidential Information|the other party's secrets|business plans and price lists|drawings and samples|source code|recipes and processes|customer lists|unpublished results|trade secrets|technical know-how|the terms of {agreement}".split(
    '|'
  )
export const disasters =
  'flood|fire|war|an epidemic|a strike of dockers|storm|earthquake|an embargo|a failure of the public grid|acts of government|riot|ice on the waterway|a volcanic eruption|a cyber attack on public networks|drought|the collapse of a bridge'.split(
    '|'
  )
export const wrongs: readonly string[] = [
  'a breach of {agreement} by {a}',
  'infringement of a patent or copyright by {goods}',
  'the negligence of {a} or its staff',
  'damage done by {goods} to people or property',
  'unpaid wages or taxes of {a}',
  'a leak of personal data at {a}',
  'an unlawful disclosure of {secrets}',
  'a false statement made in {clause}',
  'pollution of the site by {a}',
  'the early end of {agreement}'
]
export const matters: readonly string[] = [
  '{agreement}',
  'its validity',
  'sums owed {under} {clause}',
  'the end of {agreement}',
  'defects in {goods}',
  'the use of {secrets}',
  'the meaning of {clause}',
  'obligations that are not contractual',
  'the transfer of rights',
  'the quality of {delivery}',
  'damages'
]
export const countries =
  'England and Wales|Scotland|Ireland|the Netherlands|Denmark|Portugal|Switzerland|Austria|Finland|the State of New York|Ontario|New South Wales|Singapore|Norway|Belgium|Estonia|Japan|Kenya'.split(
    '|'
  )
export const cities =
  'London|Edinburgh|Dublin|Rotterdam|Copenhagen|Lisbon|Geneva|Vienna|Helsinki|New York|Toronto|Sydney|Singapore|Oslo|Antwerp|Tallinn|Osaka|Nairobi'.split(
    '|'
  )
export const currencies = 'euros|pounds sterling|Swiss francs|US dollars|Danish kroner|yen'.split('|')

/** How a clause of another kind is woven in before the core. `{event}` and `{noun}` are of the other kind. */
export const before: readonly string[] = [
  'if {event}, {core}',
  'where {event}, {core}',
  'in the event that {event}, {core}',
  'once {event}, {core}',
  'even where {event}, {core}',
  'subject to {noun}, {core}',
  'without prejudice to {noun}, {core}',
  'notwithstanding {noun}, {core}',
  'save as regards {noun}, {core}',
  'in addition to {noun}, {core}',
  'irrespective of {noun}, {core}',
  'whether or not {event}, {core}',
  'should it happen that {event}, then {core}'
]
/** And after it. */
export const after: readonly string[] = [
  '{core}, if {event}',
  '{core} where {event}',
  '{core}, whether or not {event}',
  '{core}; {noun} [remains|stays] unaffected',
  '{core}, without prejudice to {noun}',
  '{core}, but this does not touch {noun}',
  '{core} as soon as {event}',
  '{core} unless {event}'
]
/** Whole sentences about another kind of clause that agree nothing themselves. */
export const asides: readonly string[] = [
  'nothing in this clause [limits|alters|extends] {noun}',
  '{clause} deals with {noun}',
  'this clause applies even if {event}',
  'for {noun}, see {clause}',
  'this clause is not about {noun}',
  'it makes no difference whether {event}',
  '{noun} and {noun2} are left as they stand',
  'the parties have considered {noun} and make no provision for it here'
]
export const neutral: readonly string[] = [
  'headings are for ease of reading only',
  'in this clause a day is a working day in {city}',
  'notices {under} this clause {shall} be in writing',
  'this applies from the date of signature',
  'the schedule gives an example',
  'if part of this clause is void, the rest stands',
  'words in the singular include the plural'
]

/** Two agreements of different kinds in one clause: `{core}` is what is agreed here, `{rival}` what is said elsewhere, before, or not at all. */
export const rivals: readonly string[] = [
  'whereas {clause} provides that {rival}, {core}',
  '{core}, whereas {clause} provides that {rival}',
  'while it is true that {rival}, that follows from {clause}; here it is agreed that {core}',
  'the former text, "{rival}", is struck out and replaced by: "{core}"',
  '"{core}" replaces the earlier wording "{rival}"',
  'it is no longer agreed that {rival}; instead, {core}',
  'the parties discussed whether {rival}, but agreed only that {core}',
  'that {rival} follows from {clause}; the present clause lays down that {core}',
  'this clause does not say that {rival}; it says that {core}',
  '{core}; it does not follow that {rival}',
  '{core}. This is not to be read as saying that {rival}',
  '{core} (it is for {clause} to say whether {rival})',
  'leaving it to {clause} to settle whether {rival}, the parties agree that {core}',
  '{core}; whether {rival} is left to {clause}',
  'unlike {clause}, {under} which {rival}, this clause means that {core}',
  'in the draft it was said that {rival}; in the text as signed, {core}'
]
