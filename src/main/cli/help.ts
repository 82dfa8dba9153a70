import { commands, type Command, type CommandName } from './commands.ts'

/** Two columns, the second aligned. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 3
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}

const usage = (name: CommandName, { argument, flags }: Command): string => {
  const parts = Object.entries(flags).map(([flag, { value, isRequired }]) => {
    const text = value === undefined ? `--${flag}` : `--${flag} ${value}`
    return isRequired === true ? text : `[${text}]`
  })
  return ['attune', name, ...(argument ? [argument.name] : []), ...parts].join(' ')
}

/** The help of everything. */
export function overview(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const)
  return `Attune fine-tunes pre-trained models on your own texts, on this computer, without a network.

Usage: attune COMMAND …

${columns(rows)}

${columns([
  ['attune COMMAND --help', 'explains one command'],
  ['attune --version', 'says which version this is']
])}

Exit codes: 0 done, 2 something in the input is at fault, 1 Attune is at fault, 130 stopped by you.
`
}

/** The help of one command. */
export function helpOf(name: CommandName): string {
  const command: Command = commands[name]
  const { summary, argument, flags, notes, example } = command
  const options = Object.entries({ ...flags, help: { help: 'Shows this.' } }).map(
    ([flag, { value, help }]: [string, Command['flags'][string]]) =>
      [value === undefined ? `--${flag}` : `--${flag} ${value}`, help] as const
  )
  const rows = [...(argument ? [[argument.name, argument.help] as const] : []), ...options]
  return [`${summary}\n`, `Usage: ${usage(name, command)}\n`, `${columns(rows)}\n`, ...notes, `Example: ${example}\n`].join('\n')
}
