import { describe, expect, test } from 'vitest'
import { readArguments, type Invocation } from '../../../../src/main/cli/arguments.ts'
import { commandNames, commands, type Command } from '../../../../src/main/cli/commands.ts'
import { helpOf, overview } from '../../../../src/main/cli/help.ts'

/** Divides at spaces, as a shell does; what stands in double quotes is one word. */
const wordsOf = (line: string): string[] => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
const read = (line: string): Invocation => readArguments(line === '' ? [] : line.split(' '))

describe('a command line', () => {
  test('names a command, what it works on, and its flags in any order', () => {
    const expected = {
      kind: 'command',
      command: 'train',
      argument: 'run.yaml',
      switches: new Set(['resume', 'json']),
      values: new Map()
    }
    expect(read('train run.yaml --resume --json')).toEqual(expected)
    expect(read('train --json --resume run.yaml')).toEqual(expected)
    expect(read('--json train --resume run.yaml')).toEqual(expected)
  })

  test('gives values after a space or an equals sign', () => {
    const values = new Map([
      ['data', 'a.csv'],
      ['out', 'b.jsonl']
    ])
    expect(read('predict runs/x-1 --data a.csv --out b.jsonl')).toMatchObject({ argument: 'runs/x-1', values })
    expect(read('predict --data=a.csv --out=b.jsonl runs/x-1')).toMatchObject({ argument: 'runs/x-1', values })
  })

  test('takes a file whose name begins with a dash after --', () => {
    expect(read('train -- -odd.yaml')).toMatchObject({ argument: '-odd.yaml' })
  })

  test('asks for help or the version in the usual ways', () => {
    for (const line of ['', '--help', '-h', 'help']) expect(read(line)).toEqual({ kind: 'help', command: null })
    for (const line of ['train --help', 'train run.yaml -h', 'help train', 'predict --help'])
      expect(read(line)).toMatchObject({ kind: 'help', command: line.includes('predict') ? 'predict' : 'train' })
    for (const line of ['--version', '-v']) expect(read(line)).toEqual({ kind: 'version' })
  })

  test.each([
    ['trian run.yaml', "There is no command 'trian'. Did you mean 'train'?"],
    [
      'fly',
      "There is no command 'fly'. The commands are open, train, plan, show, profile, import, inspect, look, marks, evaluate, predict, export, serve, verify, review, deidentify, devices."
    ],
    ['help evalute', "There is no command 'evalute'. Did you mean 'evaluate'?"],
    ['--verion', "'--verion' is no command."],
    ['train', 'attune train needs run.yaml'],
    ['train a.yaml b.yaml', "attune train takes one run.yaml, but there is also 'b.yaml'. Put quotes around a name with spaces."],
    ['train a.yaml --resme', "attune train has no flag '--resme'. Did you mean '--resume'?"],
    ['devices --resume', "attune devices has no flag '--resume'. Its flags are --add, --remove, --grid, --json, --help."],
    ['devices --add', '--add needs a PATH after it.'],
    ['train a.yaml -x', "attune train has no flag '-x'."],
    ['train a.yaml --resume=yes', '--resume takes no value.'],
    ['train a.yaml --constructor', "attune train has no flag '--constructor'."],
    ['evaluate runs/x-1', 'attune evaluate needs --data FILE.'],
    ['predict runs/x-1 --data', '--data needs a FILE after it.'],
    ['predict runs/x-1 --data --out x.csv', '--data needs a FILE after it.'],
    ['predict runs/x-1 --out= --data x.csv', '--out needs a PATH after it.'],
    ['devices now', "attune devices takes nothing after it, but there is 'now'."]
  ])('%s is refused with a sentence', (line, sentence) => {
    let message = ''
    try {
      read(line)
    } catch (error) {
      expect(error).toMatchObject({ name: 'InputError', code: 'usage' })
      message = (error as Error).message // An InputError, as was just seen.
    }
    expect(message).toContain(sentence)
  })
})

describe('help', () => {
  test('lists every command, and each explains all its flags', () => {
    for (const name of commandNames) {
      const { summary, flags, argument }: Command = commands[name]
      expect(overview()).toMatch(new RegExp(`^  ${name} +${summary.replaceAll('.', '\\.')}$`, 'm'))
      const help = helpOf(name)
      for (const [flag, { help: sentence }] of Object.entries(flags)) {
        expect(help).toContain(`--${flag}`)
        expect(help).toContain(sentence)
      }
      if (argument) expect(help).toContain(argument.help)
    }
  })

  test('gives examples that are valid', () => {
    for (const name of commandNames) {
      const { example } = commands[name]
      expect(readArguments(wordsOf(example).slice(1))).toMatchObject({ kind: 'command', command: name })
    }
  })
})
