/** Completed merges that are remembered, for `twnet jobs`. */
export const WORK_KEPT = { removeOnComplete: { age: 7 * 24 * 3600, count: 20_000 } } as const;
