/** `attune show`, but for the flags that all commands have. */
export const showCommand = {
  summary: 'Prints the report of a finished run again: results, cost, device, settings.',
  argument: { name: 'RUN', help: 'The folder of a finished run.' },
  flags: {},
  notes: [
    'What attune train prints at its end, with the looks at test rows that were counted since. Nothing is computed and nothing is changed.',
    'The same with pictures is report.html in that folder.'
  ],
  example: 'attune show runs/letters-1'
} as const
