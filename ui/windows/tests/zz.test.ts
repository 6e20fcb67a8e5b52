import { scene } from "./scene"
import { ask, begin, enter, invite, letIn, startCircle } from "../story/acts"
import { CIRCLE } from "../story/names"
scene("first", async (room) => {
  const [anna, ben] = [room.laptop("Anna"), room.laptop("Ben")]
  const hers = await anna.open()
  await begin(hers, "Anna", anna.passphrase)
  await startCircle(hers, CIRCLE)
  await hers.picture("/tmp/wt/a1.png")
  const link = await invite(hers)
  const his = await ben.open()
  await begin(his, "Ben", ben.passphrase)
  await ask(his, link)
  await letIn(hers, "Ben")
  await enter(his, CIRCLE)
  await his.picture("/tmp/wt/b1.png")
})
