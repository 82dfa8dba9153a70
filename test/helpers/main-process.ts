/** The services of the application in a process of their own, so that a test can kill them. Arguments: data folder, resources, trainer. */
import { openServices } from '../../src/main/services/services.ts'

interface Request {
  readonly id: number
  readonly channel: string
  readonly argument: unknown
  /** What handles stand for. */
  readonly file: string
}

const [dataFolder = '', resources = '', trainer = ''] = process.argv.slice(2)
const log = (line: string): void => void process.stderr.write(`${line}\n`)
const { dispatch, dispose } = await openServices({ dataFolder, resources, trainer, version: '0.0.0', shell: 'loopback', log })

process.on('message', ({ id, channel, argument, file }: Request) => {
  if (channel === 'close') {
    void dispose().then(() => process.exit())
    return
  }
  const caller = { fileOf: () => ({ path: file, name: 'table.csv' }) }
  void dispatch(channel, argument, caller).then((reply) => process.send?.({ id, reply }))
})
process.on('disconnect', () => process.exit())
process.send?.('open')
