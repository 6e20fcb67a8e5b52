// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */
import type { Refusal } from "./views";

/** Something that happened. It carries ids; whoever shows it asks for names. */
export type Event = { "event": "near",
  /** The circle. */
  circle: string,
  /** Whose laptop. */
  person: string,
}
  | { "event": "gone",
  /** The circle. */
  circle: string,
  /** Whose laptop. */
  person: string,
}
  | { "event": "changed",
  /** The circle. */
  circle: string,
  /** What changed. */
  document: string,
}
  | { "event": "circle",
  /** The circle. */
  circle: string,
}
  | { "event": "people",
  /** The circle. */
  circle: string,
}
  | { "event": "holding",
  /** The circle. */
  circle: string,
}
  | { "event": "asks",
  /** The circle. */
  circle: string,
  /** Their laptop. */
  device: string,
  /** What they call themselves. */
  name: string,
}
  | { "event": "invitations",
  /** The circle. */
  circle: string,
}
  | { "event": "join",
  /** The invitation. */
  join: string,
} & ({ "state": "looking" }
  | { "state": "waiting" }
  | { "state": "admitted",
  /** The circle. */
  circle: string,
}
  | { "state": "refused",
  /** Why. */
  reason: Refusal,
})
  | { "event": "join_forgotten",
  /** The invitation. */
  join: string,
}
  | { "event": "split",
  /** The circle. */
  circle: string,
  /** The laptop. */
  device: string,
}
  | { "event": "missed",
  /** How many. */
  count: number,
};
