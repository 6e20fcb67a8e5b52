// A keystroke through y-websocket: two clients in this process, their server in another; in memory, in clear, loopback.
// Prints one JSON object: samples in microseconds, from the insertion to the other document's having it.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebsocketProvider } from 'y-websocket'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const rounds = Number(process.argv[2] ?? 1000)
const warmUp = Math.ceil(rounds / 10)

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const port = await freePort()
const program = fileURLToPath(new URL('node_modules/y-websocket/bin/server.cjs', import.meta.url))
const server = spawn(process.execPath, [program], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) },
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.on('exit', () => server.kill())
await new Promise((resolve) => server.stdout.once('data', resolve))

const client = async () => {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, 'bench', doc, {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  })
  await new Promise((resolve) => provider.once('sync', resolve))
  return { provider, text: doc.getText('note') }
}

const anna = await client()
const bela = await client()
const arrival = () => new Promise((resolve) => bela.text.observe(function seen() {
  bela.text.unobserve(seen)
  resolve(process.hrtime.bigint())
}))

let waiting = arrival()
anna.text.insert(0, 'All of it was said before. '.repeat(76).trim())
await waiting

const samples = []
for (let round = 0; round < rounds + warmUp; round++) {
  waiting = arrival()
  const begun = process.hrtime.bigint()
  anna.text.insert(1024 + round, 'x')
  const there = await waiting
  if (round >= warmUp) samples.push(Number(there - begun) / 1000)
}
if (anna.text.toString() !== bela.text.toString()) throw new Error('the two documents differ')
console.log(JSON.stringify({ samples }))
process.exit(0)
