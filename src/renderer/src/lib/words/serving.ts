import { count, plural } from '../format.ts'

/** Other programs of this PC, answered by a model. */
export const serving = {
  open: 'Answer other programs',
  title: 'Answer other programs on this PC',
  about:
    'Spreadsheets, scripts and office programs of this PC can send texts and get answers, over HTTP at 127.0.0.1 alone. Nothing leaves this PC, no text is written down, and it ends when you stop it or close the window.',
  chip: 'Answering programs',
  by: 'Answered by',
  exported: (name: string) => `${name} · exported`,
  port: 'Port',
  portHint: 'any that is free',
  portWrong: 'A port is a number from 1024 to 65535.',
  start: 'Start answering',
  stop: 'Stop answering',
  stopping: 'Stopping…',
  opening: (name: string) => `Opening ${name}`,
  on: (name: string) => `${name} answers other programs of this PC.`,
  address: 'Address',
  addressAbout: 'Opened in a browser, it describes every call.',
  token: 'Token',
  tokenAbout: 'Each request has to carry it. The next start makes another.',
  example: 'A call',
  copy: (what: string) => `Copy: ${what}`,
  requests: 'Requests',
  counts: (requests: number, refused: number, rows: number) =>
    `${count(requests)}, of these ${count(refused)} refused; ${plural(rows, 'text', 'texts')} answered`,
  restarts: (n: number) => `The process of the model was lost and started again ${plural(n, 'time', 'times')}.`,
  again: 'Start anew',
  fromExport: 'Answer other programs with it'
}
