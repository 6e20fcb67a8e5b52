// What the pages cost the machine, whatever else it does meanwhile.

import { readFile, readdir } from "node:fs/promises"

/** A tick of the times in `/proc/N/stat`. */
const TICK_MS = 10

/** CPU milliseconds: of the threads that run the pages' script, layout and paint, and of all threads of their processes. */
export interface Cpu {
  readonly main: number
  readonly all: number
}

/** What all processes with pages have used that were started from here. */
export async function used(): Promise<Cpu> {
  const parents = new Map<number, number>()
  const ticks = new Map<number, number>()
  for (const id of (await readdir("/proc")).map(Number).filter(Number.isInteger)) {
    // The name in brackets may hold spaces; two fields after it is the parent, and 12 and 13 fields after it are the ticks.
    const fields = (await read(id, "stat")).split(") ").at(-1)!.split(" ")
    parents.set(id, Number(fields[1]))
    ticks.set(id, Number(fields[11]) + Number(fields[12]))
  }
  const isOurs = (id: number): boolean => id === process.pid || (parents.has(id) && isOurs(parents.get(id)!))
  const cpu = { main: 0, all: 0 }
  for (const [id, spent] of ticks) {
    if (!isOurs(id) || !/WebKitWebProcess|--type=renderer/u.test(await read(id, "cmdline"))) continue
    // Nanoseconds, of the first thread alone.
    cpu.main += Number((await read(id, "schedstat")).split(" ")[0]) / 1e6
    cpu.all += spent * TICK_MS
  }
  return cpu
}

/** A process may have ended meanwhile. */
async function read(id: number, what: string): Promise<string> {
  return readFile(`/proc/${id}/${what}`, "utf8").catch(() => "")
}
