/** Sentences of letters with marked names, dates, places, identifiers, drugs and doses, and sentences that only look as if they had some. */
export const headers: readonly string[] = [
  'Re: {fullName}, DOB {birth}, NHS no. {id}, {home}',
  'Patient: {fullName} ({birth}). Hospital number {id}',
  '{fullName}, born {birth}, of {home}. Our ref. {id}',
  'Your ref. {id}. {fullName}, {birth}',
  'RE {lastFirst}, MRN {id}',
  '{exactDate}. Dear Dr {surname}',
  'To Dr {surname}, {practice}. {exactDate}',
  'Clinic of {exactDate}, {hospital}. {lastFirst}, {id}',
  'Dear [Mr|Mrs|Ms|Dr] {surname}',
  'Ref {id} - {fullName} - {home}, {town}'
]

export const openings: readonly string[] = [
  'thank you for referring {titled} from {town}, whom I met on {day}',
  '{titled} was admitted to {hospital} on {day} and went home on {day}',
  'I reviewed {titled} on {day}; {he} came with {his} {relative} {firstName}',
  'many thanks for seeing {titled}, who lives at {home}',
  'this is to confirm that {titled} attended {hospital} on {day}',
  '{fullName} [is known to us|has been under our care] since {date}',
  'discharge summary: {fullName}, in from {day} to {day}',
  '{titled} rang on {day} from {town}'
]

export const medicines: readonly string[] = [
  '{drug} {dose} was [started|stopped|increased|halved|held] on {day}',
  'current medicines: {drug} {dose} [once daily|od|at night|bd], {drug} {dose}, {drug}',
  '{he} takes {drug} {dose} [in the morning|od|tds] and, since {date}, {drug}',
  'I have changed {drug} to {drug} {dose}',
  'please do not restart {drug}: it gave {him} a rash',
  '{drug} went [up|down] from {dose} to {dose}',
  'no longer on {drug}; {he} takes {noDrug} instead',
  '{he} takes {noDrug}, and {drug} {dose} when needed',
  'meds {drug} {dose}, {drug} {dose}, {drug}',
  'allergic to {drug} and to {drug}',
  '{he} bought {drug} at the chemist in {town}',
  'on {drug} alone {he} did well; adding {drug} {dose} made {him} dizzy',
  '[{drug}|the tablets] {dose} [nocte|mane|prn]',
  'could {he} go back to {drug}, {dose} to begin with',
  'Rx {drug} {dose} bd for 7/7',
  'last dose of {drug} ({dose}) given at 14.30',
  'the level of {drug} was fine on {day}',
  '{he} forgot {drug} for 3/7 and then took {dose} at once'
]

export const people: readonly string[] = [
  '{his} {relative} {firstName} [rang on {day}|came too|is {his} next of kin|speaks for {him}]',
  '{he} was seen with Dr {surname} at {hospital} on {day}',
  '[Mr|Miss] {surname} operated on {him} in {month}',
  '{he} moved from {town} to {home} in {month}',
  'the {surname} family have been patients of {practice} for years',
  '{otherName}, the district nurse, visits [twice a week|at home]',
  'discharged from {hospital} on {day} under Dr {surname} (ref. {id})',
  'older records are under {id} at {hospital}',
  '{he} is a neighbour of {otherName} in {street}',
  'the scan at {hospital} was reported by {surname} on {day}',
  '{his} employer, {otherName} of {town}, asks for a note',
  'Dr {surname} from {practice} agrees',
  'a second opinion from {surname} in {town} is still awaited',
  'request {id} went off on {day} but was lost between {town} and {town}',
  'the samples of {day} are filed under {id}'
]

/** What looks like something to be marked and is not. */
export const traps: readonly string[] = [
  'known {eponym}',
  'the pump with serial number {serial} was checked',
  'batch {serial} of the vaccine was used',
  'order {serial} for a walking frame went to the shop',
  '[form|invoice|receipt] {serial} was handed over',
  'the parking ticket {serial} upset {him}',
  'as the guideline of {edition} says',
  '[leaflet|consent form], edition {edition}',
  'we follow the protocol in the version of {edition}',
  'urine held {quantity} of protein',
  'the lab asks for {quantity} of blood',
  '{quantity} of sugar fits on a spoon, {he} was told',
  'albumin {quantity} per gram, which is normal',
  'the syringe holds {quantity}',
  '{his} {relative} had {eponym}',
  '{he} lost {n6} kg in 6/52',
  'glucose 11.2, creatinine {n90}, BP 130/80',
  '{he} drinks {n20} units of beer a week',
  '500 ml of clear fluid were drained',
  'murmur grade 3/6, pain 7/10 at worst',
  'the rash may march up the leg again',
  '{he} hopes to walk in the park by summer',
  'the insurer will bill {him} after a grace period',
  'seen in room 214; form FP10 given',
  '{he} weighs {n70} kg',
  'review in 3/12',
  'off work for 10/7',
  'bus 44 stops outside the ward',
  'the ward sister and the church choir keep an eye on {him}',
  'long days at the mill have worn {him} out',
  'a young baker by trade, {he} hates the winter',
  '{he} swears by {noDrug}',
  '{noDrug} did not help',
  'platelets 240, white cells 6.1',
  'leaflet version 2.1 handed over',
  'at dawn the pain is worst; by day it may be bearable',
  'trial group 12, no adverse events',
  'art classes in the street market lift {his} mood',
  'potassium rose by 0.5 to 5.1',
  '{he} takes sugar, two spoons, and one puff of a cigarette at night'
]

export const closings: readonly string[] = [
  'Yours sincerely, Dr {doctor}, {practice}',
  'cc {otherName}, {practice}',
  'Dictated on {exactDate} by {surname}',
  'Kind regards, {doctor}',
  'With thanks, {surname}, {hospital}',
  'I will see {him} again on {day}',
  'Copy to {titled}, {home}, {town}',
  'Best wishes, {firstName}',
  'Typed {exactDate}. {doctor}, consultant'
]
