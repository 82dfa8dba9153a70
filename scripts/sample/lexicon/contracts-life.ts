import type { ClauseKind } from './contract-types.ts'

export const termination: ClauseKind = {
  cores: [
    "{a} may [end|terminate|bring to an end] {agreement} [by|on] {days}' [written |]notice",
    'either party may terminate {agreement} [with immediate effect|at once|forthwith]',
    '{agreement} {shall} come to an end [without notice|automatically|on the spot]',
    '{a} may walk away from {agreement} without paying compensation',
    'this {bareAgreement} runs for {years} and then [lapses|ceases] unless both sign an extension',
    '{a} is entitled to cancel what remains of {agreement} [if the default is not cured within {days}|after a warning that went unheeded]',
    'on expiry, [{goods} {shall} be collected|access {shall} be withdrawn|the keys {shall} be handed back] and neither party has further rights save those already accrued',
    "{agreement} may be ended by {a} at any time [for convenience|without giving a reason] on {days}' notice",
    'notice to bring the relationship to a close takes effect {days} after receipt',
    '{a} may withdraw from {agreement} by letter, after which no new {orders} are accepted',
    'the parties may agree in writing that {agreement} {shall} cease on an earlier date',
    '{b} may refuse to renew {agreement} if it says so {days} before the anniversary'
  ],
  events: [
    '{agreement} has come to an end',
    '{agreement} is terminated by {b}',
    'notice to terminate has been given',
    '{b} has ended {agreement} for convenience',
    '{agreement} expires without renewal',
    '{b} becomes insolvent'
  ],
  nouns: [
    'any right to terminate',
    'the end of {agreement}',
    'notice given {under} {clause}',
    'expiry of the term',
    'termination for whatever cause'
  ],
  follows: [
    'clauses meant to survive do survive',
    'the notice {shall} state the reason and be sent by registered post',
    'rights that have accrued by then are not affected',
    'orders already accepted are completed'
  ]
}

export const confidentiality: ClauseKind = {
  cores: [
    '{a} {shall} keep [secret|confidential|to itself] {secrets} and use them for no purpose but {agreement}',
    '{a} {shall} not [disclose|reveal|pass on] {secrets} to anyone but advisers bound to silence',
    'at the request of {b}, {a} {shall} return or shred all papers that contain {secrets}',
    'these duties of silence last for {years}, [even though {agreement} has ended|whatever becomes of {agreement}]',
    'what was public already, or was known to {a} before, is not covered by the duty of secrecy',
    'a party ordered by a court to reveal {secrets} {shall} warn the other first and reveal no more than it has to',
    '{a} {shall} show {secrets} to those of its staff only who need to see them, and answer for their silence',
    'no announcement about {agreement} {shall} be made without the written consent of {b}',
    '{a} {shall} guard {secrets} with the care that it gives to its own',
    'the existence and content of {agreement} {shall} not be mentioned in public',
    '{a} {shall} not copy {secrets} or take them apart to learn how they work'
  ],
  events: [
    '{a} has disclosed {secrets} without leave',
    '{secrets} become public through {a}',
    'a court orders the disclosure of {secrets}',
    '{b} asks for the return of {secrets}',
    '{a} breaches its duty of secrecy'
  ],
  nouns: [
    'the duty of confidence in {clause}',
    'any undertaking of secrecy',
    'the protection of {secrets}',
    'the confidential nature of {secrets}'
  ],
  follows: [
    'advisers who are shown them {shall} sign a like promise',
    'a breach may be restrained by injunction',
    'copies in routine back-ups may stay there while kept safe',
    'markings such as "secret" are not needed for protection'
  ]
}

export const payment: ClauseKind = {
  cores: [
    '{b} {shall} pay [each|every undisputed] invoice within {days} of [receipt|its date]',
    'the price of {goods} is {money} [per month|per unit|for each year], plus tax at the current rate',
    'interest runs on late sums at {percent} above base rate from the due date until they are paid',
    '{a} may raise its [fees|charges|prices] once a year by no more than [{percent}|inflation]',
    '{b} {shall} pay {money} on signature and the rest on {delivery}',
    'all sums owed for {delivery} up to that day fall due at once',
    '{b} may not set off or hold back any amount [unless a court has confirmed it|save one agreed in writing]',
    'travel and hotel costs are refunded against receipts up to {money} a month',
    'a disputed invoice {shall} be queried within {days}; the part not in dispute {shall} be paid on time',
    '{a} {shall} credit {b} with {percent} of the monthly fee',
    'where tax has to be withheld, {b} {shall} increase the amount so that {a} receives the full sum',
    'fees paid in advance for the time after that day {shall} be given back pro rata within {days}',
    'a deposit of {money} {shall} be lodged with {a} and bears no interest'
  ],
  events: [
    '{b} fails to pay an invoice within {days}',
    'an invoice of more than {money} remains unpaid',
    'the price rises by more than {percent}',
    '{b} is late with two instalments',
    'fees have been paid in advance'
  ],
  nouns: [
    'any sum already due',
    'any charge payable {under} {clause}',
    'the obligation to pay invoices',
    'any fee owed for {delivery}',
    'interest on late payment'
  ],
  follows: [
    'invoices {shall} quote the order number',
    'payment is made by bank transfer in {currency}',
    'bank charges are borne by {b}',
    'receipts {shall} be kept for {years}'
  ]
}

export const assignment: ClauseKind = {
  cores: [
    'neither party may [assign|transfer|make over] its rights {under} {agreement} without the [prior|written] consent of the other',
    '{a} may transfer {agreement} to [a company of its group|whoever buys its business|a successor], provided that {b} is told',
    '{a} {shall} not hand the work to a subcontractor unless {b} agrees',
    'the right to be paid {under} {agreement} may be [sold|pledged|made over] to a bank',
    '{agreement} binds, and is for the benefit of, the successors of each party',
    'any attempt by {a} to pass its rights or duties to another is void',
    '{b} {shall} not refuse its consent to a new party stepping into the shoes of {a} without good reason',
    'another firm may take the place of {a} by a deed signed by all three',
    'a change of control of {a} {counts} as a transfer for which leave is required',
    'though the work may be delegated, {a} {shall} answer for its subcontractors as for itself',
    '{a} may charge or declare a trust over the benefit of {agreement}'
  ],
  events: [
    '{a} [sells|transfers] its business to another',
    'control of {a} changes hands',
    '{agreement} has been transferred to a successor',
    '{a} uses a subcontractor without leave',
    'the rights {under} {agreement} have been assigned'
  ],
  nouns: [
    'the ban on transfer in {clause}',
    'any assignment {b} has agreed to',
    'the right to subcontract',
    'a transfer within the group'
  ],
  follows: [
    'the new party {shall} confirm in writing that it is bound',
    'consent given once does not extend to later transfers',
    'the costs of the transfer fall on the party that wants it',
    'a list of approved subcontractors is annexed'
  ]
}

export const governingLaw: ClauseKind = {
  cores: [
    '{agreement} is governed by [and construed in accordance with |]the law of {country}',
    'the courts of {city} have [sole|exclusive|non-exclusive] jurisdiction over [any dispute|all claims] about {matter}',
    'any dispute about {matter} {shall} be [settled|finally resolved] by arbitration in {city} before [one arbitrator|three arbitrators]',
    '{matter} {shall} be judged by the law of {country}, leaving aside its rules on conflict of laws',
    'the parties submit to the judges of {city} in whatever concerns {matter}',
    'the United Nations convention on the sale of goods does not apply to {agreement}',
    'before going to court over {matter}, the parties {shall} try mediation in {city} for {days}',
    'proceedings about {matter} may be brought at the seat of {a} only',
    'the language of any hearing is English and its place is {city}',
    '{a} {names} an agent in {city} on whom claim forms can be served',
    'questions of {matter} that {agreement} leaves open are answered by the statutes of {country}'
  ],
  events: [
    'a dispute is brought before the courts of {city}',
    'an arbitrator in {city} has decided against {a}',
    'the law of {country} changes',
    'mediation has failed'
  ],
  nouns: [
    'the choice of law in {clause}',
    'the jurisdiction of the courts of {city}',
    'mandatory law of {country}',
    'any award made in {city}'
  ],
  follows: [
    'the award is final and may be enforced anywhere',
    'either party may still ask any court for urgent relief',
    'each party waives its right to a jury',
    'the rules in force at the date of the request apply'
  ]
}
