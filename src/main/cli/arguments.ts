import { parseArgs } from 'node:util'
import { InputError } from '../base/errors.ts'
import { nearestName } from '../base/nearest-name.ts'
import { commandNames, commands, isCommandName, type Command, type CommandName } from './commands.ts'

/** What the person asked for. */
export type Invocation =
  | { readonly kind: 'help'; readonly command: CommandName | null }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command'
      readonly command: CommandName
      /** What was named after the command; empty where it takes nothing. */
      readonly argument: string
      readonly switches: ReadonlySet<string>
      readonly values: ReadonlyMap<string, string>
    }

const usageError = (message: string): InputError => new InputError('usage', message)

const hint = (wanted: string, names: readonly string[], prefix = ''): string => {
  const near = nearestName(wanted, names)
  return near === null ? '' : ` Did you mean '${prefix}${near}'?`
}

/** Reads the words after `attune`. @throws InputError with code `usage` */
export function readArguments(words: readonly string[]): Invocation {
  const first = words[0]
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: null }
  if (first === '--version' || first === '-v') return { kind: 'version' }
  // Global flags may stand before the command; the first plain word is the command.
  const at = words.findIndex((word) => !word.startsWith('-'))
  const name = words[at]
  if (name === undefined)
    throw usageError(`'${first}' is no command.${hint(first.replace(/^-+/, ''), commandNames)} ${allCommands}`)
  const rest = words.toSpliced(at, 1)
  if (name === 'help') return helpFor(rest)
  if (!isCommandName(name)) throw usageError(`There is no command '${name}'.${hint(name, commandNames) || ` ${allCommands}`}`)
  return readCommand(name, rest)
}

const allCommands = `The commands are ${commandNames.join(', ')}.`

function helpFor([name]: readonly string[]): Invocation {
  if (name === undefined) return { kind: 'help', command: null }
  if (isCommandName(name)) return { kind: 'help', command: name }
  throw usageError(`There is no command '${name}'.${hint(name, commandNames) || ` ${allCommands}`}`)
}

function readCommand(name: CommandName, words: readonly string[]): Invocation {
  const command: Command = commands[name]
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([flag, { value }]) => [
      flag,
      { type: value === undefined ? 'boolean' : 'string' } as const
    ])
  )
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return { kind: 'help', command: name }
  const switches = new Set<string>()
  const values = new Map<string, string>()
  const plain: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') plain.push(token.value)
    if (token.kind !== 'option') continue
    const flag = flagOf(name, command, token.name, token.rawName)
    if (flag.value === undefined) {
      if (token.value !== undefined) throw usageError(`--${token.name} takes no value.`)
      switches.add(token.name)
    } else values.set(token.name, valueOf(token.name, flag.value, token.value))
  }
  for (const [flag, { isRequired, value }] of Object.entries(command.flags)) {
    if (isRequired === true && !values.has(flag))
      throw usageError(`attune ${name} needs --${flag} ${value ?? ''}. Example: ${command.example}`)
  }
  return { kind: 'command', command: name, argument: argumentOf(name, command, plain), switches, values }
}

function flagOf(name: CommandName, { flags }: Command, flag: string, raw: string): Command['flags'][string] {
  const found = Object.hasOwn(flags, flag) ? flags[flag] : undefined
  if (found) return found
  const names = [...Object.keys(flags), 'help']
  const near = hint(flag, names, '--')
  const all = ` Its flags are ${names.map((known) => `--${known}`).join(', ')}.`
  throw usageError(`attune ${name} has no flag '${raw}'.${near || all}`)
}

function valueOf(flag: string, what: string, value: string | undefined): string {
  // `--data --out x` would otherwise take the next flag for a file.
  if (value !== undefined && value !== '' && !value.startsWith('--')) return value
  throw usageError(`--${flag} needs a ${what} after it.`)
}

function argumentOf(name: CommandName, { argument, example }: Command, plain: readonly string[]): string {
  const [first, second] = plain
  if (argument === null) {
    if (first === undefined) return ''
    throw usageError(`attune ${name} takes nothing after it, but there is '${first}'.`)
  }
  if (first === undefined || first === '')
    throw usageError(`attune ${name} needs ${argument.name}: ${argument.help} Example: ${example}`)
  if (second === undefined) return first
  throw usageError(
    `attune ${name} takes one ${argument.name}, but there is also '${second}'. Put quotes around a name with spaces.`
  )
}
