import type { Kind } from "@/lib/api/generated/views"
import type { Icon } from "@/components/icon"
import BookOpen from "@lucide/svelte/icons/book-open"
import CircleDashed from "@lucide/svelte/icons/circle-dashed"
import Compass from "@lucide/svelte/icons/compass"
import Leaf from "@lucide/svelte/icons/leaf"

const ICONS: Record<Kind, Icon> = { life: Leaf, interest: BookOpen, values: Compass }

export function kindIcon(kind: Kind | null): Icon {
  return kind === null ? CircleDashed : ICONS[kind]
}
