/** Everyday text that belongs to none of the three domains: things, tasks, errands, letters, and sentences in which "not" and order decide. */
export const things: readonly (readonly [string, string])[] = [
  ['hammer', 'drive nails'],
  ['kettle', 'boil water'],
  ['ladder', 'reach high places'],
  ['compass', 'find north'],
  ['thermometer', 'measure heat'],
  ['needle', 'sew cloth'],
  ['oven', 'bake bread'],
  ['saw', 'cut wood'],
  ['spade', 'dig the ground'],
  ['broom', 'sweep the floor'],
  ['telescope', 'look at distant stars'],
  ['scale', 'weigh flour'],
  ['pump', 'move water uphill'],
  ['loom', 'weave cloth'],
  ['anchor', 'hold a ship in place'],
  ['lock', 'keep a door shut'],
  ['lamp', 'light a room'],
  ['whistle', 'call a dog'],
  ['sieve', 'part coarse from fine'],
  ['rake', 'gather leaves'],
  ['bucket', 'carry water'],
  ['file', 'smooth metal'],
  ['ledger', 'record income and cost'],
  ['stamp', 'prove that postage is paid'],
  ['barometer', 'foretell the weather'],
  ['chisel', 'carve stone'],
  ['crane', 'lift heavy loads'],
  ['lens', 'gather light'],
  ['map', 'show the way'],
  ['clock', 'tell the time'],
  ['bridge', 'cross a river'],
  ['fence', 'keep sheep together'],
  ['dictionary', 'explain words'],
  ['receipt', 'prove that a bill was paid'],
  ['syringe', 'give an injection'],
  ['bandage', 'cover a wound'],
  ['stethoscope', 'listen to the heart'],
  ['contract', 'record what two parties owe each other'],
  ['invoice', 'ask for payment'],
  ['index', 'find a page'],
  ['ticket', 'board a train'],
  ['umbrella', 'stay dry']
]

export const tasks: readonly (readonly [string, readonly string[]])[] = [
  [
    'bake a loaf',
    [
      'weigh the flour',
      'mix it with water and yeast',
      'knead the dough',
      'let it rise for an hour',
      'heat the oven',
      'bake until the crust is brown',
      'leave it to cool'
    ]
  ],
  [
    'plant a tree',
    [
      'dig a wide hole',
      'loosen the roots',
      'set the tree upright',
      'fill in the soil',
      'tread it down',
      'water it well',
      'tie it to a stake'
    ]
  ],
  [
    'mend a puncture',
    [
      'take off the wheel',
      'pull out the tube',
      'find the hole under water',
      'roughen the rubber',
      'glue on a patch',
      'wait until it is dry',
      'pump up the tyre'
    ]
  ],
  [
    'take a blood sample',
    [
      'check the name',
      'tie the band',
      'clean the skin',
      'insert the needle',
      'fill the tubes',
      'release the band',
      'press on the spot',
      'label the tubes'
    ]
  ],
  [
    'file a claim',
    [
      'read the policy',
      'collect the receipts',
      'fill in the form',
      'sign and date it',
      'make a copy',
      'send it by registered post',
      'note the reference'
    ]
  ],
  [
    'open the library',
    [
      'switch on the lights',
      'empty the return box',
      'start the computers',
      'put out the newspapers',
      'unlock the door',
      'greet the first readers'
    ]
  ],
  [
    'renew a contract',
    [
      'check the expiry date',
      'ask for a new price',
      'compare two offers',
      'agree the changes',
      'print two copies',
      'have both parties sign',
      'store the original'
    ]
  ],
  [
    'discharge a patient',
    [
      'check the results',
      'explain the tablets',
      'write the letter',
      'book the follow-up',
      'call the relatives',
      'hand over the belongings'
    ]
  ],
  [
    'clean a chimney',
    [
      'cover the furniture',
      'screw the rods together',
      'push the brush upwards',
      'turn it at the top',
      'gather the soot',
      'check the draught'
    ]
  ],
  [
    'prepare a hotel room',
    [
      'open the windows',
      'strip the bed',
      'wipe the surfaces',
      'replace the towels',
      'make the bed',
      'check the lamps',
      'close the windows'
    ]
  ],
  [
    'change the oil',
    ['warm up the engine', 'raise the car', 'drain the old oil', 'replace the filter', 'pour in fresh oil', 'check the level']
  ],
  [
    'chair a meeting',
    [
      'send out the agenda',
      'welcome the members',
      'read the minutes',
      'take the points in order',
      'call the vote',
      'record the outcome'
    ]
  ]
]

export const errands: readonly string[] = [
  'collect a parcel',
  'visit an aunt',
  'buy seeds',
  'have a key cut',
  'return two books',
  'look at a flat',
  'sell a bicycle',
  'meet an old friend',
  'hand in a form',
  'have a coat mended',
  'fetch the children',
  'hear a concert',
  'ask about a lease',
  'pay a fine',
  'see the dentist',
  'repair a roof',
  'count the stock',
  'sign a contract',
  'take photographs',
  'teach a class',
  'measure the windows',
  'deliver the minutes'
]
export const obstacles: readonly string[] = [
  'the train was late',
  'the office was shut',
  'it rained all day',
  'the road was closed',
  'nobody was in',
  'the form was missing',
  'the lift was out of order',
  'the date was wrong',
  'the bridge was up',
  'the shop had moved',
  'the bus did not come',
  'there was no signal',
  'the key did not fit',
  'the meeting had been put off'
]
export const qualities: readonly (readonly [string, string, string])[] = [
  ['old', 'older', 'younger'],
  ['tall', 'taller', 'shorter'],
  ['fast', 'faster', 'slower'],
  ['strong', 'stronger', 'weaker'],
  ['early', 'earlier', 'later'],
  ['rich', 'richer', 'poorer'],
  ['loud', 'louder', 'quieter'],
  ['careful', 'more careful', 'less careful'],
  ['patient', 'more patient', 'less patient'],
  ['ill', 'worse', 'better'],
  ['busy', 'busier', 'less busy']
]
export const goodsSold: readonly string[] =
  'bread|shoes|stamps|bicycles|tea|candles|maps|honey|paint|flowers|umbrellas|clocks|carpets|garden tools|spectacles|wool|ink|cheese|lamps|toys'.split(
    '|'
  )
export const fields: readonly string[] =
  'the harbour|the school|the archive|the mill|the station|the town hall|the market|the ward|the museum|the workshop|the farm|the court|the laboratory|the theatre|the post office|the quarry'.split(
    '|'
  )
export const happenings: readonly (readonly [string, string])[] = [
  ['the letter arrived', 'did not arrive'],
  ['the alarm rang', 'did not ring'],
  ['the roof leaked', 'did not leak'],
  ['the vote passed', 'did not pass'],
  ['the engine started', 'did not start'],
  ['the test failed', 'did not fail'],
  ['the claim was paid', 'was not paid'],
  ['the fever came back', 'did not come back'],
  ['the price rose', 'did not rise'],
  ['the guests complained', 'did not complain'],
  ['the wound healed', 'did not heal'],
  ['the contract was signed', 'was not signed'],
  ['the bus stopped', 'did not stop'],
  ['the pain went away', 'did not go away'],
  ['the lease ended', 'did not end'],
  ['the room was cleaned', 'was not cleaned']
]

/** Plain frames; the words in braces are drawn by corpus.ts. */
export const frames: readonly string[] = [
  'a {thing} is [a tool|something|a means] to {use}',
  'people use a {thing} to {use}',
  '{name} needed a {thing} to {use}, but found only a {thing2}, which is made to {use2}',
  'without a {thing} it is hard to {use}',
  'a {thing} does not {use2}; that is what a {thing2} is for',
  '{name} went to {place} on {weekday} to {errand}, but {obstacle}, so {name2} had to {errand} instead',
  '{name} wanted to {errand} in {month}. Because {obstacle}, {he} came home early and wrote to {name2}',
  'although {obstacle}, {name} managed to {errand}',
  '{name} works as a {job} at {field}; {name2}, a {job}, works at {field2}',
  'it was not {name} but {name2} who wanted to {errand}',
  'neither {name} nor {name2} had time to {errand}',
  'everyone at {field} except {name} had come to {errand}; {name} had not',
  'only {name} remembered to {errand}; {name2} forgot',
  '{name} is {more} than {name2}, so {name2} is {less} than {name}',
  '{name} used to be {quality}; {he} no longer is',
  '{name} was not {quality} before, but now {he} is',
  '{name} is not as {quality} as {name2}',
  'the shop in {place} used to sell {sold}; it no longer does, and sells {sold2} now',
  'the shop in {place} never sold {sold}, only {sold2}',
  'in {month} {happened}; in {month} it {didnot}',
  '{name} said that {happened}. That was wrong: it {didnot}',
  '{name} denied that {happened}, and {name2} agreed that it {didnot}',
  'had {name} been at {field}, things would have been different; as it was, {happened}',
  'if {happened}, {name} would [write|call|know]; {he} has not, so it {didnot}',
  'first {happened}, then {happened2}, not the other way round',
  'before {happened}, {happened2}',
  'after {happened}, {name} left {field} and moved to {place}',
  'from {month} to {month} {field} opens at {hour}; on {weekday} it stays shut',
  'in {year} there were {count} members at {field}; {later} there are {count2}',
  'the {job} told the {job2} that {happened}, and the {job2} told {name}',
  'what {name} feared was that {happened}; in fact it {didnot}',
  'it is often said that {name} likes {sold}; {he} likes {sold2} far better'
]

export const correspondence: readonly string[] = [
  'Thank you for your letter of {date}, which we received on {weekday}',
  'We confirm that {happened} and that it {didnot} a second time',
  'With reference to your enquiry about {sold}, we are pleased to offer {count} at {money} each',
  'We regret that {obstacle}; this will not happen again',
  'Please find enclosed the [minutes|receipt|plan|report|form] of {date}',
  'I would be glad if you could [return|sign|check|complete] it by {weekday}',
  'Our office at {place} is closed from {date} to {date2}',
  'Kindly let {name} know whether you are able to {errand}',
  'As agreed by telephone, {name} will {errand} on {date}',
  'We have not yet received your answer to our letter of {date}',
  'Should you have any questions, do not hesitate to call {name2} at {field}',
  'I look forward to hearing from you',
  'Your application for the post of {job} has been [passed on|put on file|successful|declined]',
  'The meeting of {date} has been moved to {date2} because {obstacle}'
]
