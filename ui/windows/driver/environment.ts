// What a program with a window finds around it: a home of its own on a display, and nothing of the machine's.

import { mkdir } from "node:fs/promises"
import { join } from "node:path"

/** Makes the home, and gives the variables that lead there. */
export async function environment(home: string, display: string, zone = "Europe/Budapest"): Promise<NodeJS.ProcessEnv> {
  const folders = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_RUNTIME_DIR: join(home, "run"),
    TMPDIR: join(home, "tmp"),
  }
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    PATH: process.env.PATH,
    ...folders,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    GSETTINGS_BACKEND: "memory",
    LANGUAGE: "en_US:en",
    LC_ALL: "C.UTF-8",
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
    TZ: zone,
  }
}
