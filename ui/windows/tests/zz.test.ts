import { scene, joined } from "./scene"
import { CIRCLE, NOTE, WORDS } from "../story/names"
scene("templates", async (room) => { const [anna, ben] = await joined(room); await anna.holds(CIRCLE, NOTE, WORDS); await ben.holds(CIRCLE, NOTE, WORDS) })
