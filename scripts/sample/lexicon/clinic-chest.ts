import type { Specialty } from './clinic-types.ts'

export const cardiology: Specialty = {
  id: 'cardiology',
  clinic: '[heart|cardiology|rapid access chest pain] clinic',
  alarming: [
    '[crushing|heavy|gripping|vice-like|squeezing] [central |]chest pain [at rest|with sweating|into the left arm|into the jaw]',
    '[chest tightness|chest pressure|a tight band across the chest] [at rest|that wakes {him} from sleep|at the slightest effort]',
    '+blackouts [without warning|on exertion|while driving|at the wheel]',
    'breathlessness [lying flat|at rest|with pink frothy sputum]',
    'a [racing|very fast|galloping] heartbeat with [faintness|chest pain|grey colour]',
    'collapse [on the stairs|while running|at the table]',
    'tearing pain between the shoulder blades',
    'fever with a new heart murmur'
  ],
  concerning: [
    'chest [tightness|discomfort|pain] on [hills|stairs|cold mornings|brisk walking]',
    '+palpitations [most evenings|after meals|several times a week|lasting ten minutes]',
    'ankle swelling [in both legs|up to the knees|by midday]',
    'breathlessness on [stairs|hills|making the bed|walking the dog]',
    '+dizzy spells [on exertion|on climbing stairs]',
    'an irregular pulse [noticed by the nurse|on the home monitor]',
    '+blood pressure readings around 180/100',
    'loss of stamina on the usual walk'
  ],
  minor: [
    '[chest wall tenderness|tenderness over the ribs|a sore spot over the breastbone] after [gardening|lifting|coughing]',
    '+[occasional|odd|single] missed beats [at bedtime|after coffee]',
    'light-headedness on standing up quickly',
    'cold [hands|feet] in winter',
    '+varicose veins',
    'a slightly raised cholesterol',
    '+flutters in the chest when nervous',
    '[mild|slight] ankle puffiness on hot days',
    'a blood pressure a little above target at home'
  ],
  tests: [
    {
      name: 'ECG',
      critical: ['shows ST elevation', 'shows deep new T wave inversion', 'shows complete heart block'],
      borderline: ['shows left axis deviation', 'shows the odd ectopic beat'],
      normal: ['is normal', 'shows sinus rhythm', 'is unremarkable']
    },
    {
      name: 'troponin',
      critical: ['is clearly raised at {n300}', 'has doubled to {n300}'],
      borderline: ['is at the upper limit'],
      normal: ['is not raised', 'is below the cut-off', 'is negative']
    },
    {
      name: 'echocardiogram',
      critical: ['shows fluid around the heart', 'shows an ejection fraction of {n20} %', 'shows severe aortic stenosis'],
      borderline: ['shows mild mitral regurgitation'],
      normal: ['shows good function', 'is normal for {his} age']
    },
    {
      name: '24-hour tape',
      critical: ['has pauses of five seconds', 'has runs of ventricular tachycardia'],
      borderline: ['has a few short runs of ectopics'],
      normal: ['is free of arrhythmia', 'shows nothing of note']
    }
  ],
  bad: [
    '{He} is grey and clammy',
    'pulse {n130}, blood pressure {n85}/50',
    'crackles to the mid zones on both sides',
    '{his} neck veins are distended up to the jaw'
  ],
  fine: [
    'heart sounds are normal',
    'pulse {n70} and regular',
    'blood pressure {n128}/78',
    'no oedema',
    'chest clear',
    'no murmur today'
  ],
  history: [
    'a stent',
    'a bypass operation',
    'a heart attack',
    'a pacemaker',
    'an ablation for flutter',
    'a valve repair',
    'rheumatic fever',
    'pericarditis'
  ],
  drugs: [
    'bisoprolol {dose}',
    'ramipril {dose}',
    'atorvastatin {dose}',
    'aspirin 75 mg',
    'apixaban 5 mg',
    'amlodipine {dose}',
    'furosemide 40 mg',
    'losartan {dose}'
  ]
}

export const respiratory: Specialty = {
  id: 'respiratory',
  clinic: '[chest|respiratory|lung] clinic',
  alarming: [
    '[severe|sudden] breathlessness [at rest|with blue lips|too bad to finish a sentence]',
    '[coughing up|bringing up] [fresh |a cupful of |mouthfuls of ]blood',
    '[stabbing|knife-like] chest pain on breathing in with a swollen calf',
    'an asthma attack [that the inhaler does not touch|with exhaustion]',
    '+high fevers with [rigors|confusion] and rusty sputum',
    'noisy breathing with a hoarse voice and drooling',
    'sudden pain in the side of the chest with breathlessness'
  ],
  concerning: [
    'a cough [with streaks of blood|with weight loss|with night sweats]',
    'hoarseness [with weight loss|in a heavy smoker]',
    'wheeze [on most nights|that wakes {him}|needing the inhaler six times a day]',
    'breathlessness on [the flat|dressing|the first flight of stairs]',
    '+chest infections needing three courses of antibiotics',
    'weight loss of {n6} kg [without trying|with a poor appetite]',
    'clubbing of the fingers',
    'heavy daytime sleepiness at the wheel'
  ],
  minor: [
    'a [dry|tickly|morning] cough [after a cold|in dusty rooms|in the smoking room]',
    'a wheeze [with hay fever|during the pollen season|when visiting a house with cats]',
    'a blocked nose at night',
    'snoring [that annoys {his} partner|on holiday]',
    'sputum that is clear in the mornings',
    'a [sore|scratchy] throat with a cold',
    'breathlessness after running for the bus'
  ],
  tests: [
    {
      name: 'chest X-ray',
      critical: ['shows a large pneumothorax', 'shows a cavity in the upper lobe', 'shows a mass at the hilum with collapse'],
      borderline: ['shows an old scar'],
      normal: ['is clear', 'shows nothing new', 'is normal']
    },
    {
      name: 'oxygen saturation',
      critical: ['is {n84} % on air', 'falls to {n84} % on standing'],
      borderline: ['is 95 % on air'],
      normal: ['is {n98} % on air', 'stays at {n98} % on walking']
    },
    {
      name: 'CT of the chest',
      critical: ['shows clot in both lungs', 'shows a spiculated mass'],
      borderline: ['shows a 4 mm nodule'],
      normal: ['is clear', 'shows no clot and no mass']
    },
    {
      name: 'peak flow',
      critical: ['is a quarter of {his} best'],
      borderline: ['is at four fifths of {his} best'],
      normal: ['is at {his} best', 'is as good as last year']
    }
  ],
  bad: [
    '{He} cannot speak in sentences',
    'respiratory rate {n34}',
    'silent on the right side of the chest',
    '{he} is using the muscles of the neck to breathe'
  ],
  fine: [
    'chest clear',
    'good air entry on both sides',
    'respiratory rate 14',
    'speaks in full sentences',
    'no clubbing',
    'temperature 36.{digit}'
  ],
  history: [
    'pneumonia',
    'a collapsed lung',
    'tuberculosis',
    'a lung clot',
    'childhood asthma',
    'whooping cough',
    'a lobectomy',
    'pleurisy'
  ],
  drugs: [
    'salbutamol as needed',
    'a steroid inhaler',
    'tiotropium',
    'montelukast 10 mg',
    'carbocisteine',
    'doxycycline 100 mg',
    'prednisolone {dose}'
  ]
}
