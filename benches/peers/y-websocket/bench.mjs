// A keystroke in one y-websocket client until it is in the other's text, through a server on loopback: a note of 2 KiB,
// both clients in this process. Prints {"median_ms", "p99_ms"}; the first tenth of the samples warms up.
import { fork } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const samples = Number(process.argv[2] ?? 1000)

const server = fork(new URL('./server.mjs', import.meta.url).pathname)
const port = await new Promise((resolve) => server.once('message', resolve))
const url = `ws://127.0.0.1:${port}`

const client = async () => {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(url, 'note', doc, { WebSocketPolyfill: WebSocket, disableBc: true })
  await new Promise((resolve) => provider.once('sync', resolve))
  return { doc, provider, text: doc.getText('body') }
}
const [a, b] = [await client(), await client()]

const arrival = () => new Promise((resolve) => b.doc.once('update', resolve))
let arrived = arrival()
a.text.insert(0, 'a walk along the river '.repeat(90).slice(0, 2048))
await arrived

const taken = []
for (let n = 0; n < samples; n++) {
  arrived = arrival()
  const begun = performance.now()
  a.text.insert(a.text.length, 'x')
  await arrived
  taken.push(performance.now() - begun)
}
if (a.text.toString() !== b.text.toString()) throw new Error('the two texts differ')

const counted = taken.slice(Math.floor(samples / 10)).sort((x, y) => x - y)
const at = (percent) => counted[Math.floor((counted.length * percent) / 100)]
console.log(JSON.stringify({ median_ms: at(50), p99_ms: at(99) }))
for (const { provider } of [a, b]) provider.destroy()
server.disconnect()
process.exit(0)
