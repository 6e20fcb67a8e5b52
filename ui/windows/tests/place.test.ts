import { untilTrue } from "../driver/until"
import type { Window } from "../driver/window"
import { scene } from "./scene"

/** Not what a first start has. */
const [WIDTH, HEIGHT] = [900, 640]

scene("a window has the size again that it had when it was closed", async (room) => {
  const anna = room.laptop("Anna")
  const window = await anna.open()
  await window.session.place(40, 30, WIDTH, HEIGHT)
  await untilTrue("another size", async () => (await size(window)) === `${WIDTH} ${HEIGHT}`)
  await anna.close()

  const again = await anna.open()
  await untilTrue("the size from before", async () => (await size(again)) === `${WIDTH} ${HEIGHT}`)
})

async function size(window: Window): Promise<string> {
  return (await window.session.run("return `${innerWidth} ${innerHeight}`")) as string
}
