// A network for one laptop alone: loopback, and a cable by which everything else would leave, and be counted.
//
//   namespace:  lo  the window, its driver ◀── a socket in the file system ── the test
//               out 192.0.2.2 ───── cable, with nobody at it        the way to everywhere, and to its names

import { spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import net, { type AddressInfo, type ListenOptions, type NetConnectOpts, type Server } from "node:net"
import { join } from "node:path"
import { Group, finish } from "./processes"
import { PATIENCE_MS, untilTrue } from "./until"

/** Who would be told of a name. */
const NAMES = "nameserver 192.0.2.53\n"

/** Somebody elsewhere. */
const ELSEWHERE = "203.0.113.9"

const made = new Set<string>()
let count = 0

process.on("exit", () => {
  for (const name of made) spawnSync("ip", ["netns", "delete", name])
})

/** The network. */
export class Network {
  readonly #groups: Group[] = []
  readonly #servers: Server[] = []

  private constructor(
    readonly name: string,
    private readonly folder: string,
  ) {}

  /** Why there can be none here. */
  static async missing(): Promise<string | undefined> {
    const network = new Network(`snug-window-${process.pid}-${(count += 1)}`, "")
    try {
      await network.#lay()
      return undefined
    } catch (error) {
      return `network namespaces can't be made here, which needs root and ip(8): ${String(error)}`
    } finally {
      await network.end()
    }
  }

  /** Makes one. The folder takes what it needs. */
  static async make(folder: string): Promise<Network> {
    const network = new Network(`snug-window-${process.pid}-${(count += 1)}`, folder)
    await writeFile(network.#names, NAMES)
    await network.#lay()
    return network
  }

  async #lay(): Promise<void> {
    made.add(this.name)
    const here = ["ip", "-n", this.name] as const
    await ok(["ip", "netns", "add", this.name])
    // The system itself looks for routers otherwise.
    await ok(["ip", "netns", "exec", this.name, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"])
    await ok([...here, "link", "set", "lo", "up"])
    await ok([...here, "link", "add", "out", "type", "veth", "peer", "name", "cable"])
    await ok([...here, "address", "add", "192.0.2.2/24", "dev", "out"])
    for (const end of ["cable", "out"]) await ok([...here, "link", "set", end, "up"])
    await ok([...here, "route", "add", "default", "via", "192.0.2.1"])
  }

  get #names(): string {
    return join(this.folder, "resolv.conf")
  }

  /** The words before a command that runs in it. Who knows names is in it, too, and not on this machine's loopback. */
  get inside(): readonly [string, ...string[]] {
    const enter = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
    return ["ip", "netns", "exec", this.name, "sh", "-c", enter, this.#names]
  }

  /** A port out here by which a port in there is reached. */
  async reach(port: number): Promise<number> {
    const path = join(this.folder, `port-${port}`)
    const script = `(${pass.toString()})(require("node:net"), ...${JSON.stringify([{ path }, { port, host: "127.0.0.1" }])})`
    this.#groups.push(Group.start("the way in", [...this.inside, process.execPath, "-e", script]))
    await untilTrue("the way in", () => Promise.resolve(existsSync(path)))
    const server = pass(net, { port: 0, host: "127.0.0.1" }, { path })
    this.#servers.push(server)
    await once(server, "listening")
    return (server.address() as AddressInfo).port
  }

  /** How many packets left it, or tried to. */
  async sent(): Promise<number> {
    const [out] = JSON.parse(await ok(["ip", "-n", this.name, "-statistics", "-json", "link", "show", "out"])) as [
      { stats64: { tx: { packets: number } } },
    ]
    return out.stats64.tx.packets
  }

  /** Sends something out of it, and waits until it is counted. */
  async send(): Promise<void> {
    const before = await this.sent()
    await ok([...this.inside, "bash", "-c", `echo > /dev/udp/${ELSEWHERE}/9`])
    await untilTrue("a packet that is counted", async () => (await this.sent()) > before)
  }

  /** Takes it away, with what runs in it for the test. */
  async end(): Promise<void> {
    for (const server of this.#servers) server.close()
    for (const group of this.#groups) await group.kill()
    // It may never have been there.
    await finish(["ip", "netns", "delete", this.name], { timeout: PATIENCE_MS }).catch(() => undefined)
    made.delete(this.name)
  }
}

/** Passes each connection on. It is sent as its own text, too, and so uses nothing from outside itself. */
function pass(through: typeof net, from: ListenOptions, to: NetConnectOpts): Server {
  const server = through.createServer((one) => {
    const other = through.connect(to)
    one.pipe(other).pipe(one)
    one.on("error", () => other.destroy())
    other.on("error", () => one.destroy())
  })
  return server.listen(from)
}

/** What a command printed, which must succeed. */
async function ok(command: readonly [string, ...string[]]): Promise<string> {
  const { code, stdout, stderr } = await finish(command, { timeout: PATIENCE_MS })
  if (code !== 0) throw new Error(`${command.join(" ")}: ${stderr.trim()}`)
  return stdout
}
