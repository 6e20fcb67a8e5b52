// A session bus of its own that starts no service by itself: no portal, no settings daemon, nothing of the machine's.

import { writeFile } from "node:fs/promises"
import { join } from "node:path"

const CONFIG = (folder: string): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

/** The beginning of a command that runs on such a bus. The bus ends with the command. */
export async function onOwnBus(folder: string): Promise<readonly [string, ...string[]]> {
  const config = join(folder, "bus.conf")
  await writeFile(config, CONFIG(folder))
  return ["dbus-run-session", `--config-file=${config}`, "--"]
}
