/** Stands in for a binding that is not installed. */
export {}
