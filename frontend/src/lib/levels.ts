/** The levels of the CEFR that are taught here, from the lowest. */
export const LEVELS = ["A1", "A2", "B1", "B2"] as const;
