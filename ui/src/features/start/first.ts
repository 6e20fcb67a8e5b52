/** What the first circle of a laptop begins with: a small note in the chosen language, instead of a tour. */
import type { Host } from "@/lib/host/host"
import { m } from "@/paraglide/messages"

export async function sampleNote(host: Host, circle: string): Promise<void> {
  const markdown = [
    m.start_sample_hello(),
    `## ${m.start_sample_write_title()}`,
    m.start_sample_write_text(),
    `- ${m.start_sample_write_1()}\n- ${m.start_sample_write_2()}\n- ${m.start_sample_write_3()}`,
    `## ${m.start_sample_others_title()}`,
    m.start_sample_others_text(),
    m.start_sample_end(),
  ].join("\n\n")
  await host.call("note_new", { circle, title: m.start_sample_title(), markdown })
}
