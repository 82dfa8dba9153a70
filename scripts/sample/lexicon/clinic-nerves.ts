import type { Specialty } from './clinic-types.ts'

export const neurology: Specialty = {
  id: 'neurology',
  clinic: '[neurology|stroke|headache|first seizure] clinic',
  alarming: [
    '[weakness|numbness|heaviness] of the [left|right] [arm and leg|face and arm|side]',
    '[slurred speech|difficulty finding words|a drooping face]',
    'a [thunderclap|sudden|explosive] headache, the worst of {his} life',
    'a headache with [fever and neck stiffness|drowsiness and vomiting|double vision]',
    '+seizures one after another',
    'numbness of the saddle area with [loss of bladder control|leakage of urine]',
    'weakness of both legs [climbing upwards|with trouble swallowing]',
    'confusion with fever'
  ],
  concerning: [
    'a headache [on waking|worse on coughing|that wakes {him} at night]',
    'a tremor [of the right hand at rest|that spills {his} tea]',
    '+memory lapses [noticed by the family|with missed bills|at work]',
    'unsteadiness [in the dark|with two falls]',
    'numbness [of both feet|of the hand on waking, with wasting of the thumb]',
    'facial pain [like electric shocks|on chewing]',
    '+blank spells lasting a minute',
    'foot drop [on the left|when tired]'
  ],
  minor: [
    'a headache [after long days at the screen|when {he} skips lunch|before storms]',
    '+pins and needles in [one hand on waking|the feet after sitting cross-legged]',
    'a twitch of the eyelid',
    'forgetting of names at parties',
    '+restless legs at bedtime',
    'a slight tremor when tired',
    'dizziness on [rolling over in bed|a boat]',
    'migraine [with the usual aura|twice a year]',
    'poor sleep before examinations'
  ],
  tests: [
    {
      name: 'CT of the head',
      critical: ['shows fresh blood', 'shows a mass with swelling', 'shows an early infarct'],
      borderline: ['shows a little small vessel change'],
      normal: ['is normal', 'shows nothing acute', 'shows no bleed']
    },
    {
      name: 'MRI',
      critical: ['shows compression of the cord', 'shows several enhancing lesions'],
      borderline: ['shows wear of two discs'],
      normal: ['is normal', 'is clear', 'shows no change from {year}']
    },
    { name: 'ESR', critical: ['is {n90} with jaw pain'], borderline: ['is 24'], normal: ['is {n8}', 'is normal'] }
  ],
  bad: [
    'power is 2/5 on the left',
    '{he} is drowsy and cannot give the date',
    'the left pupil is fixed',
    'reflexes are absent in both legs'
  ],
  fine: [
    'power is full',
    'reflexes are symmetrical',
    'fundi are normal',
    'gait is normal',
    'speech is clear',
    'cranial nerves intact'
  ],
  history: [
    'a stroke',
    'a mini-stroke',
    'epilepsy',
    'meningitis',
    'a subdural bleed',
    "Bell's palsy",
    'shingles',
    'a head injury',
    'a slipped disc'
  ],
  drugs: [
    'clopidogrel 75 mg',
    'lamotrigine {dose}',
    'propranolol {dose}',
    'amitriptyline {dose}',
    'levetiracetam 500 mg',
    'sumatriptan as needed',
    'gabapentin 300 mg'
  ]
}

export const ophthalmology: Specialty = {
  id: 'ophthalmology',
  clinic: '[eye|ophthalmology|eye casualty] clinic',
  alarming: [
    '[sudden|complete] loss of [vision|sight] in the [left|right] eye',
    'a [curtain|shadow] across the [left|right] eye with flashes',
    'a painful red eye with [vomiting and haloes|blurred vision]',
    'loss of vision with [jaw pain on chewing|a tender temple]',
    '+chemical splashes in both eyes',
    'a penetrating injury of the eye',
    'double vision with a drooping lid and a large pupil'
  ],
  concerning: [
    '+straight lines that look wavy',
    'blurring of [the centre of vision|one eye when reading]',
    'a red eye [with ache and glare|in a contact lens wearer]',
    '+floaters [in a shower|with a few flashes]',
    'double vision [when tired|on looking down]',
    'trouble seeing [kerbs|faces] at dusk',
    'loss of side vision noticed by the optician'
  ],
  minor: [
    'dry eyes [by evening|at the screen]',
    'a stye',
    'itching of both eyes in [spring|the pollen season]',
    '+floaters that {he} has always had',
    'watering of the eye in the wind',
    'a small lump on the lid',
    'blurred vision without {his} reading glasses',
    'a burst vessel on the white of the eye',
    '+flaky lids'
  ],
  tests: [
    {
      name: 'eye pressure',
      critical: ['is {n52}', 'is {n52} and the cornea is cloudy'],
      borderline: ['is 22'],
      normal: ['is 15 in both eyes', 'is normal']
    },
    {
      name: 'retinal photograph',
      critical: ['shows a detachment near the macula', 'shows a swollen disc', 'shows an arterial occlusion'],
      borderline: ['shows a few drusen'],
      normal: ['is unchanged', 'is clear']
    },
    {
      name: 'acuity',
      critical: ['has dropped to counting fingers'],
      borderline: ['is 6/9'],
      normal: ['is 6/6 in both eyes', 'is as before']
    }
  ],
  bad: ['there is no red reflex', 'the pupil reacts poorly', 'the cornea is hazy', 'there is pus in the front chamber'],
  fine: ['pupils are equal', 'the cornea is clear', 'eye movements are full', 'fields are full', 'no redness today'],
  history: ['cataract surgery', 'a retinal tear', 'a squint', 'glaucoma', 'iritis', 'laser treatment', 'a corneal ulcer'],
  drugs: ['latanoprost drops', 'chloramphenicol drops', 'hypromellose drops', 'dexamethasone drops', 'timolol drops', 'lid wipes']
}

export const ent: Specialty = {
  id: 'ent',
  clinic: '[ENT|ear, nose and throat|head and neck] clinic',
  alarming: [
    '[heavy|torrential] bleeding from the nose [that packing has not stopped|with faintness]',
    '[noisy breathing|stridor] with a swollen throat',
    '[complete|sudden] loss of hearing in [one|the left|the right] ear [on waking|with vertigo]',
    'swelling behind the ear with high fever',
    'a swollen tongue with trouble breathing',
    'inability to swallow [saliva|even water]',
    'a swollen eyelid and severe headache with sinusitis'
  ],
  concerning: [
    'hoarseness [in a smoker|without a cold]',
    'a lump in the [neck|parotid gland] [that is firm|of 3 cm]',
    'difficulty swallowing [meat|bread]',
    'an ulcer on the side of the tongue',
    'blood-stained discharge from one nostril',
    'ear pain with a normal drum',
    'one-sided ringing with loss of hearing',
    'spinning dizziness with vomiting'
  ],
  minor: [
    'ear wax',
    'a [runny|blocked] nose [from dust|on most mornings]',
    'ringing in both ears [at night|after concerts]',
    'a [sore|dry] throat [after singing|from hot rooms]',
    'a feeling of something in the throat when anxious',
    'a nosebleed [after blowing hard|when the heating comes on]',
    'loss of hearing with a cold',
    '+tonsil stones',
    'an itchy ear canal'
  ],
  tests: [
    {
      name: 'nasendoscopy',
      critical: ['shows a swollen epiglottis', 'shows a mass on the vocal cord'],
      borderline: ['shows some reflux change'],
      normal: ['is normal', 'shows healthy cords']
    },
    {
      name: 'hearing test',
      critical: ['shows a dead ear on the left'],
      borderline: ['shows a slight loss at high tones'],
      normal: ['is normal for {his} age', 'is the same as in {year}']
    },
    {
      name: 'ultrasound of the neck',
      critical: ['shows nodes with necrosis pressing on the airway'],
      borderline: ['shows a simple cyst'],
      normal: ['shows reactive nodes only', 'is normal']
    }
  ],
  bad: ['{he} is drooling and sits forward', 'blood is running down the back of the throat', 'there is stridor at rest'],
  fine: ['the drums are intact', 'the throat is clear', 'no neck nodes', 'the cords move well', 'the nose is dry'],
  history: [
    'a tonsillectomy',
    'grommets',
    'sinus surgery',
    'a quinsy',
    'a perforated drum',
    'a nasal fracture',
    'a thyroid lobectomy'
  ],
  drugs: ['mometasone spray', 'cetirizine 10 mg', 'betahistine 16 mg', 'ear drops', 'omeprazole 20 mg', 'saline rinses']
}
