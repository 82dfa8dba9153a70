import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { listening } from '../../../../../src/main/services/evidence/listening.ts'
import { ownPort } from '../../../../../src/main/shell/own-ports.ts'
import { PredictionServer } from '../../../../../src/main/shell/loopback/serving/prediction-server.ts'

const servers: Server[] = []
const struck: (() => void)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const strike of struck.splice(0)) strike()
})

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

describe.runIf(process.platform === 'linux')('what the Privacy screen says of who is answered', () => {
  test('is nobody, where nothing listens but the page', async () => {
    expect(await listening()).toMatchObject({
      result: 'holds',
      claim: 'Attune answers no other program.',
      found: 'No port is open.'
    })
    const port = await listen('127.0.0.1')
    struck.push(ownPort(port, 'page'))
    expect(await listening()).toMatchObject({ result: 'holds', found: `Open are these alone. 127.0.0.1:${port} for this page.` })
  })

  test('never is nobody while other programs are answered', async () => {
    const answering = {
      model: { name: 'x', problem: '', labels: [], columns: { pair: null } },
      answer: async () => ({ answers: [], cut: 0 })
    }
    const server = await PredictionServer.open({ answering, token: 'x'.repeat(43), port: 0, version: '1' })
    expect(await listening()).toMatchObject({
      result: 'holds',
      claim: 'Attune answers other programs of this PC alone, because that was switched on in Use.',
      found: expect.stringContaining(`127.0.0.1:${server.port} for other programs, with a token.`)
    })
    await server.close(0)
    expect(await listening()).toMatchObject({ claim: 'Attune answers no other program.', found: 'No port is open.' })
  })

  test('fails for a port that was not to be open, and for one that other machines can reach', async () => {
    const stray = await listen('127.0.0.1')
    expect(await listening()).toMatchObject({ result: 'fails', found: `Open besides what it was to open: ${stray}.` })
    const wide = await listen('0.0.0.0')
    struck.push(ownPort(stray, 'page'), ownPort(wide, 'programs'))
    expect(await listening()).toMatchObject({
      result: 'fails',
      found: expect.stringContaining(`${wide}, for other machines too`)
    })
  })
})
