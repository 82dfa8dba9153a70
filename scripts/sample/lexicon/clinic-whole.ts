import type { Specialty } from './clinic-types.ts'

export const endocrinology: Specialty = {
  id: 'endocrinology',
  clinic: '[diabetes|endocrine|thyroid] clinic',
  alarming: [
    'vomiting with [high sugars and ketones|deep sighing breathing]',
    '[drowsiness|collapse] with [sugars above 30|a sugar of 1.8]',
    'repeated hypos with [seizures|loss of consciousness]',
    'vomiting and collapse without {his} steroid tablets',
    'agitation with fever and a racing heart in thyroid disease',
    'a black foot with fever in diabetes',
    'confusion with a very high calcium'
  ],
  concerning: [
    'thirst with [weight loss|blurred vision]',
    'a [growing|firm] lump in the thyroid',
    '+hypos [twice a week|without warning signs]',
    'weight loss with [tremor and sweating|a fast pulse]',
    'a foot ulcer [in diabetes|under the big toe]',
    'headache with loss of side vision and large hands',
    'easy bruising with a round face',
    '+sugars above 20 at bedtime'
  ],
  minor: [
    'tiredness [by evening|in winter|at work]',
    'a weight gain of two kilos over Christmas',
    '+sugars a little above target',
    '+sweats in hot rooms',
    'thirst on hot days',
    'a soft goitre',
    'hair thinning',
    'dry skin with well-treated thyroid disease'
  ],
  tests: [
    {
      name: 'blood sugar',
      critical: ['is {n34} with ketones of 5', 'is 1.{digit} despite two drinks'],
      borderline: ['is 9.{digit}'],
      normal: ['is 5.{digit}', 'is on target']
    },
    { name: 'sodium', critical: ['is 1{n14}', 'has dropped to 1{n14}'], borderline: ['is 133'], normal: ['is 140', 'is normal'] },
    {
      name: 'thyroid function',
      critical: ['is off the scale with a pulse of {n130}'],
      borderline: ['is slightly under-replaced'],
      normal: ['is normal', 'is in range on the present dose']
    },
    { name: 'calcium', critical: ['is 3.{digit}', 'is 3.9 and rising'], borderline: ['is 2.62'], normal: ['is 2.3', 'is normal'] }
  ],
  bad: [
    '{he} smells of ketones and is breathing deeply',
    'blood pressure {n85}/40 and drowsy',
    'hot, shaking and agitated, pulse {n130}'
  ],
  fine: ['feet are warm with normal feeling', 'weight steady', 'pulse {n70}', 'no tremor', 'no lump in the neck today'],
  history: [
    'type 2 diabetes',
    'an overactive thyroid',
    "Addison's disease",
    'a pituitary operation',
    'ketoacidosis',
    'a thyroid operation',
    'gestational diabetes'
  ],
  drugs: [
    'metformin 500 mg',
    'gliclazide {dose}',
    'levothyroxine {n75} micrograms',
    'insulin glargine',
    'hydrocortisone {dose}',
    'empagliflozin 10 mg',
    'carbimazole {dose}'
  ]
}

export const psychiatry: Specialty = {
  id: 'psychiatry',
  clinic: '[mental health|community psychiatry|memory and mood] [team|clinic]',
  alarming: [
    '[thoughts|plans] of ending {his} life with [tablets set aside|a date chosen]',
    '[voices|a voice] telling {him} to harm [others|{his} brother|{himself}]',
    'refusal of all food and drink',
    'an overdose [of unknown tablets|not yet treated]',
    'threats with a knife while hearing voices',
    'agitation with [no sleep at all|wandering into traffic]',
    'fever and rigid muscles on a new antipsychotic'
  ],
  concerning: [
    'low mood with [weight loss|withdrawal from friends|no interest in the children]',
    '+panic attacks [in shops|on the bus] that keep {him} at home',
    '+suspicions that neighbours are listening',
    'heavy drinking before noon',
    '+hours of hand washing',
    'poor sleep with racing thoughts and overspending',
    'self-neglect noticed by the neighbours',
    'bingeing and vomiting'
  ],
  minor: [
    'low mood [on Sunday evenings|in the dark months|after a change of job]',
    'worry about [examinations|the house move|a daughter abroad]',
    'poor sleep [with a new baby|before night shifts]',
    'irritability [before coffee|at work]',
    'grief for an old dog',
    'a fear of flying',
    'nervousness before speeches',
    'stress at work'
  ],
  tests: [
    {
      name: 'lithium level',
      critical: ['is 2.{digit} with a coarse tremor', 'is toxic at 2.{digit}'],
      borderline: ['is 0.9'],
      normal: ['is 0.6', 'is in range']
    },
    {
      name: 'mood score',
      critical: ['is 27 of 27 with intent to act'],
      borderline: ['is 10'],
      normal: ['is 3', 'is the lowest in a year']
    },
    {
      name: 'memory score',
      critical: ['cannot be done because {he} is delirious'],
      borderline: ['is 24 of 30'],
      normal: ['is 30 of 30', 'has not dropped']
    }
  ],
  bad: [
    '{he} will not say that {he} can stay safe tonight',
    'speaks to people who are not there',
    'has given away {his} belongings'
  ],
  fine: [
    'well kempt and smiling',
    'good eye contact',
    'speech is normal',
    'plans for the summer',
    'no odd beliefs',
    'sleeps seven hours'
  ],
  history: [
    'an overdose',
    'a breakdown',
    'postnatal depression',
    'an eating disorder',
    'alcohol dependence',
    'a psychotic episode',
    'a hospital stay under section'
  ],
  drugs: [
    'sertraline {dose}',
    'citalopram 20 mg',
    'mirtazapine 15 mg',
    'lithium carbonate',
    'olanzapine 5 mg',
    'quetiapine {dose}',
    'zopiclone as needed'
  ]
}

export const haematology: Specialty = {
  id: 'haematology',
  clinic: '[blood|haematology|infectious diseases] clinic',
  alarming: [
    'fever [after chemotherapy|without a spleen] with [rigors|low blood pressure]',
    'bleeding from the [gums and nose|bowel] with bruises all over',
    'fever and drowsiness after [a month in the tropics|travel in West Africa]',
    'a sickle crisis with chest pain',
    'severe breathlessness with a haemoglobin below 60',
    'confusion with fever and a low platelet count',
    'bleeding on warfarin after a blow to the head'
  ],
  concerning: [
    '+[rubbery|painless] glands in the [neck|groin|armpit]',
    '+drenching night sweats with [weight loss|itching]',
    '+bruises [without injury|on the trunk]',
    'tiredness with [pallor|a low white count]',
    'fever [every evening|on and off] with weight loss',
    'bone pain with anaemia',
    'a fullness under the left ribs'
  ],
  minor: [
    '+bruises [on the shins from hockey|after blood tests]',
    'a small soft gland in the neck [after a cold|that comes and goes]',
    'tiredness [during the exam season|with low ferritin]',
    'a mildly low platelet count',
    '+nosebleeds in dry weather',
    '+sweats under a thick quilt',
    'a fever with a cold'
  ],
  tests: [
    {
      name: 'platelet count',
      critical: ['is {n8}', 'has dropped to {n8} with bleeding'],
      borderline: ['is 138'],
      normal: ['is 240', 'is normal again']
    },
    {
      name: 'blood film',
      critical: ['shows blasts', 'shows malaria parasites'],
      borderline: ['shows a few atypical cells'],
      normal: ['is normal', 'shows nothing abnormal']
    },
    {
      name: 'INR',
      critical: ['is above {n8} with bruising'],
      borderline: ['is 3.4'],
      normal: ['is 2.5, as intended', 'is in range']
    },
    {
      name: 'white count',
      critical: ['is 0.{digit} with fever', 'is {n90} with blasts'],
      borderline: ['is 3.6'],
      normal: ['is 6.{digit}', 'is normal']
    }
  ],
  bad: ['{he} is shivering, blood pressure {n85}/45', 'bleeding from every puncture site', 'drowsy, temperature 40.1'],
  fine: ['no glands felt', 'spleen not felt', 'temperature normal', 'no bruises today', 'looks well'],
  history: [
    'lymphoma',
    'malaria',
    'glandular fever',
    'removal of the spleen',
    'iron deficiency',
    'a clotting disorder',
    'chemotherapy'
  ],
  drugs: [
    'warfarin',
    'folic acid 5 mg',
    'ferrous sulfate 200 mg',
    'hydroxycarbamide',
    'penicillin V',
    'B12 injections',
    'aciclovir'
  ]
}
