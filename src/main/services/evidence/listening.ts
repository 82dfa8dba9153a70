import { ownPorts, type PortUse } from '../../shell/own-ports.ts'
import { listeners } from '../../shell/sockets.ts'
import { outcome, type Check, type Claim } from './check.ts'

const how =
  'Reads which ports this system keeps open for Attune and the trainers that it started, and holds them against those that it was to open.'
const shut: Claim = { id: 'listening', claim: 'Attune answers no other program.', how }
/** While a person has switched it on, nothing else may be claimed. */
const open: Claim = {
  id: 'listening',
  claim: 'Attune answers other programs of this PC alone, because that was switched on in Use.',
  how
}

/** Who can speak to this program: nobody but its own page, and other programs of this PC while that is switched on. */
export async function listening(pid = process.pid): Promise<Check> {
  const known = ownPorts()
  const programs = portsFor(known, 'programs')
  const claim = programs.length > 0 ? open : shut
  const found = await listeners(pid)
  const told = `${said(programs, 'for other programs, with a token')}${said(portsFor(known, 'page'), 'for this page')}`
  if (!found) return outcome(claim, 'cannot-tell', `This system does not list them.${told}`)
  const strange = found.filter(({ port, isLoopback }) => !isLoopback || !known.has(port))
  if (strange.length === 0) return outcome(claim, 'holds', told === '' ? 'No port is open.' : `Open are these alone.${told}`)
  const list = strange.map(({ port, isLoopback }) => `${port}${isLoopback ? '' : ', for other machines too'}`).join('; ')
  return outcome(claim, 'fails', `Open besides what it was to open: ${list}.`)
}

const portsFor = (known: ReadonlyMap<number, PortUse>, wanted: PortUse): readonly number[] =>
  [...known].filter(([, use]) => use === wanted).map(([port]) => port)

const said = (ports: readonly number[], what: string): string => ports.map((port) => ` 127.0.0.1:${port} ${what}.`).join('')
