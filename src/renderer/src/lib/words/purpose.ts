import type { ProjectPurpose } from '../../../../preload/contract/projects.ts'

export const purpose = {
  label: 'What its models are for',
  kinds: {
    unsaid: 'Not said',
    research: 'Research or teaching',
    inside: 'Inside the organisation',
    commercial: 'Sold or given to others'
  } satisfies Readonly<Record<ProjectPurpose, string>>,
  about: 'Where the licence of a model speaks against it, Train and Export say so.',
  of: 'This project is for',
  change: 'Change',
  say: 'Say it',
  despite: 'I may do this all the same: its owner allowed it.',
  confirmFirst: 'A licence speaks against what this project is for. Confirm in Contents that you may.'
}
