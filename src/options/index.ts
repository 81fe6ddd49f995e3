/** What library calls are given: checked once a call, with one line that says what is wrong. */
export { allowed } from './allowed.js';
export { Interruption } from './interruption.js';
export { editDistance, nearest } from './nearest.js';
export { callbackOption, checkOptions, signalOption } from './option-check.js';
