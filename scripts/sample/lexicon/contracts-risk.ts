import type { ClauseKind } from './contract-types.ts'

export const liability: ClauseKind = {
  cores: [
    "{a}'s total liability {under} {agreement}, [however it arises|in contract, tort or otherwise], {is} limited to {cap}",
    'the most that {a} can be made to pay in respect of all claims in any year is {cap}',
    'neither party is answerable to the other for [lost profit|loss of business|indirect or consequential loss|wasted management time]',
    '{a} {does} not accept responsibility for more than {cap} in total',
    'the sums recoverable by {b} from {a} {shall} not exceed {cap}',
    'no claim may be brought by {b} [later than {years} after the event|for an amount below {money}]',
    '{a} {shall} have no liability for [loss of goodwill|loss of savings|any loss that was not foreseeable]',
    'the ceiling on what {a} owes for its failures is {cap}, and all claims count towards it',
    "{b}'s only remedy is [direct damages up to {cap}|a sum not above {cap}]",
    'there is no upper limit where loss follows from fraud, death or personal injury; in every other case the limit is {cap}',
    'damages for late {delivery} are capped at {percent} of the price of {goods} that come late',
    '{a} {is} not liable for loss that {b} could have avoided [by keeping copies|by taking out insurance|with reasonable care]'
  ],
  events: [
    'a claim for damages exceeds {cap}',
    'the limit of {cap} has been reached',
    '{b} has suffered [indirect loss|lost profit]',
    '{a} [is liable|has been held liable] for loss of business'
  ],
  nouns: [
    'any limit on the liability of {a}',
    'the cap in {clause}',
    'the exclusion of indirect loss',
    'the maximum recoverable {under} {clause}',
    'liability for death or personal injury'
  ],
  follows: [
    'the parties regard these limits as fair in view of the [price|insurance available]',
    'claims that arise from the same cause count as one',
    'nothing here excludes what the law does not allow to be excluded',
    'the ceiling applies per contract year and unused amounts do not roll over'
  ]
}

export const indemnity: ClauseKind = {
  cores: [
    '{a} {shall} indemnify {b} [against|and hold it harmless from] [any claim|any loss|every cost] that [arises from|results from|is caused by] {wrong}',
    '{a} {shall} make good to {b} every loss and expense that follows from {wrong}',
    'if a third party sues {b} because of {wrong}, {a} {shall} bear the costs and any award',
    '{a} {shall} reimburse {b} on demand for [fines|damages|legal fees|sums paid in settlement] caused by {wrong}',
    '{a} {shall} defend {b} at its own expense against any allegation of {wrong}',
    '{b} {is} to be kept whole by {a}, euro for euro, where {wrong} brings claims by others',
    'whatever {b} has to pay to third parties on account of {wrong} {shall} be refunded by {a}',
    '{a} {shall} take over the conduct and cost of any action brought against {b} for {wrong}',
    '{a} {shall} hold {b}, its staff and its agents free from the consequences of {wrong}',
    '{b} may recover from {a} in full what it has paid out to others through {wrong}, [and this is not subject to proof of fault|without having to show fault]'
  ],
  events: [
    'a third party brings a claim against {b}',
    '{a} has taken over the defence of a claim',
    '{b} has been ordered to compensate an outsider',
    '{a} is bound to hold {b} harmless'
  ],
  nouns: [
    'the indemnity in {clause}',
    "{a}'s duty to hold {b} harmless",
    'any right to be indemnified',
    'the promise to make good third-party loss'
  ],
  follows: [
    '{b} {shall} give prompt notice of the claim and {shall} admit nothing',
    '{b} {shall} help in the defence at the cost of {a}',
    'no settlement {shall} be made without the consent of both',
    'this promise covers interest and the fees of lawyers'
  ]
}

export const forceMajeure: ClauseKind = {
  cores: [
    'neither party is in breach [while|for as long as] it is prevented from performing by {disaster}',
    '{a} {is} excused from {delivery} to the extent that {disaster} stands in the way',
    'time for {delivery} is extended by as long as {disaster} lasts',
    'a party hindered by {disaster} {shall} tell the other at once and its duties rest until the hindrance is over',
    'delay through {disaster} does not count as default',
    '{disaster} [suspends|puts off] the duties that it makes impossible, for its duration and no longer',
    'no party has to answer for non-performance brought about by {disaster} or anything else outside its control',
    'where {disaster} makes {delivery} impossible, {a} need not perform until [normal conditions return|it ceases]',
    'obligations are on hold during {disaster}, provided that the party concerned does what it can to lessen the effects',
    'shortage of labour at {a} alone {shall} not count as an event beyond its control; {disaster} {shall}'
  ],
  events: [
    '{disaster} [has lasted|continues] for more than {days}',
    '{delivery} is prevented by {disaster}',
    'performance is suspended on account of {disaster}',
    'an event beyond the control of {a} occurs',
    '{disaster} has delayed {delivery}'
  ],
  nouns: [
    "any relief for events beyond a party's control",
    'suspension on account of {disaster}',
    'the extension of time under {clause}',
    'delay excused by {clause}'
  ],
  follows: [
    'the party concerned {shall} resume as soon as it can',
    'evidence of the event {shall} be given on request',
    'events that could have been foreseen at signature are not included',
    'the other party may buy elsewhere in the meantime'
  ]
}

export const warranty: ClauseKind = {
  cores: [
    '{a} {warrants} that {goods} {shall} [be free from defects in material and workmanship|conform to the specification|be fit for the purpose made known] for {months}',
    '{a} {warrants} that it has [the right to enter into {agreement}|full title to {goods}|all licences that it needs]',
    'if within {months} of {delivery} {goods} [fail|prove faulty|stop working], {a} {shall} repair or replace them free of charge',
    '{a} promises that {delivery} {shall} be carried out with [reasonable care and skill|trained staff|the diligence of a specialist]',
    'except as stated here, {goods} are supplied as they are, and no promise as to quality is implied',
    'the guarantee lapses if {b} has [altered|opened|misused] {goods} or ignored the manual',
    '{a} confirms that, at the date of {agreement}, [its accounts are correct|there is no litigation pending|no licence is about to lapse]',
    '{a} {shall} at its own cost put right any failure of {goods} to meet the description that {b} reports within {months}',
    'all implied terms as to [quality|fitness|title] are left out to the extent that law permits',
    'software delivered {under} {agreement} {shall} run in accordance with the manual for {months} after acceptance'
  ],
  events: [
    '{goods} prove defective within {months}',
    'a promise as to quality turns out to be untrue',
    '{goods} do not meet the specification',
    '{a} leaves {goods} unrepaired'
  ],
  nouns: [
    'the guarantee in {clause}',
    'any promise as to the quality of {goods}',
    'the right to have defects repaired',
    'any statement about title'
  ],
  follows: [
    'fair wear and tear is not covered',
    '{goods} that were repaired are covered for what remains of the period',
    '{b} {shall} describe the fault in writing and keep {goods} for inspection',
    'the period starts afresh for replaced parts'
  ]
}

export const dataProtection: ClauseKind = {
  cores: [
    '{a} {shall} process personal data only on the documented instructions of {b}',
    '{a} {shall} tell {b} of any [breach|loss|leak] of personal data within {hours} of becoming aware of it',
    '{a} {shall} not engage another processor without the [prior written approval|specific consent] of {b}',
    'personal data {shall} not leave {country} [unless adequate safeguards are in place|without standard clauses]',
    'at the choice of {b}, {a} {shall} erase or hand back all personal data [at the end of the services|within {days}] and delete existing copies',
    '{a} {shall} help {b} to answer requests from [individuals|data subjects] to see, correct or erase what is held about them',
    '{a} {shall} keep a record of the kinds of processing that it carries out and show it to the supervisory authority',
    'only staff who have been trained in privacy {shall} have access to records about [patients|employees|members]',
    '{a} {shall} apply [encryption|access controls|pseudonyms] and test them yearly so that information on individuals stays safe',
    "each party {is} a controller of the contact details of the other's staff and {shall} give them a privacy notice",
    '{a} {shall} carry out an impact assessment before it uses information on individuals for a new purpose',
    '{a} {shall} keep information that identifies a person no longer than {months}'
  ],
  events: [
    'personal data has been [lost|leaked|sent to the wrong person]',
    'the supervisory authority fines {b}',
    'an individual asks for a copy of what is held about them',
    '{a} processes personal data against instructions',
    'personal data is sent outside {country}'
  ],
  nouns: [
    'the regime for personal data in {clause}',
    'any duty owed to data subjects',
    'any instruction given for processing',
    'privacy law'
  ],
  follows: [
    'the annex sets out the subject matter, length and nature of the processing',
    '{a} {shall} submit to audits by {b} once a year',
    'the notice {shall} name the individuals concerned and the likely effects',
    'sub-processors are bound by the same terms'
  ]
}
