/** What unfinished output is called. */
export const TEMPORARY_PREFIX = '.part-';
