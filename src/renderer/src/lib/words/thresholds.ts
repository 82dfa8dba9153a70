import { count, decimal, percent, plural } from '../format.ts'

/** When a class is called out, and when an answer goes to a person. */
export const thresholds = {
  tab: 'Threshold',
  title: (name: string) => `When to call out “${name}”`,
  about: (rows: number, positives: number) =>
    `Counted on ${plural(rows, 'validation row', 'validation rows')}, ${count(positives)} of this class. The test is looked at only when you fix one.`,
  className: 'Class',
  xTitle: 'called out from this probability on',
  found: 'found',
  right: 'alarms right',
  alarms: 'texts called out',
  description: (name: string) =>
    `Share of ${name} found, share of alarms that are right and share of texts called out, by the probability from which ${name} is called out.`,
  choose: 'What matters most?',
  byHand: 'A value of your own',
  slider: 'Threshold',
  at: (threshold: number) => `from ${decimal(threshold)}`,
  comesTo: (hits: number, positives: number, alarms: number) =>
    `finds ${count(hits)} of ${count(positives)}; ${count(hits)} of ${plural(alarms, 'alarm', 'alarms')} right`,
  without: 'Without a threshold (the most probable class)',
  taught: (threshold: number) => `As training found it on validation (from ${decimal(threshold)})`,
  fix: 'Fix threshold',
  fixEvery: 'Fix for every class',
  fixAbout: (looks: number) =>
    `Fixing it looks at the test once more; it has been consulted ${count(looks)}×. Use and predict then follow it.`,
  fixed: (name: string, threshold: number, goal: string) =>
    `Fixed: “${name}” is called out from ${decimal(threshold)} on (${goal}).`,
  fixedTest: (hits: number, positives: number, range: string, alarms: number) =>
    `On the test it found ${count(hits)} of ${count(positives)} (${range}); ${count(hits)} of ${plural(alarms, 'alarm', 'alarms')} right.`,
  drop: 'Drop the threshold',
  dropLabel: 'Go back to what training found',
  labelsTitle: 'The threshold of every class',
  labelsAbout:
    'A text may have several classes: each is said from a probability of its own on. Counted on validation; Use, predict and evaluate follow it.',
  chosenFor: 'Chosen for',
  byTraining: 'found by training (best F1)',
  personTitle: 'When does an answer need a person?',
  personAbout: 'An answer less sure than this is left to a person. Counted on validation.',
  coverage: 'answered without a person',
  accuracy: 'right among them',
  personDescription: 'Share of answers that are right, by the share of texts that are answered without a person.',
  nobody: 'Answer everything',
  personAt: (below: number) => `below ${percent(below)} sure`,
  personComesTo: (coverage: number, accuracy: string) => `answers ${percent(coverage)} of the texts, ${accuracy} of them right`,
  threshold: 'Threshold',
  chart: (name: string) => `What a threshold for ${name} comes to`,
  personChart: 'Right answers by how many are given'
}
