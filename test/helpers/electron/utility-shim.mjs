// Stands where Electron starts a utility process: `process.parentPort` instead of Node's channel to the parent.
import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

const send = process.send.bind(process)
const port = new EventEmitter()
port.postMessage = (message) => send(message)
process.on('message', (data) => port.emit('message', { data, ports: [] }))
process.on('disconnect', () => process.exit())
Object.defineProperty(process, 'parentPort', { value: port })
// The fake trainer speaks through Node's channel alone; the real one must not find it.
if (!process.argv[2].includes('fake-trainer')) Object.defineProperty(process, 'send', { value: undefined })
await import(pathToFileURL(process.argv[2]).href)
