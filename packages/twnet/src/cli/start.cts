#!/usr/bin/env node
/** What `twnet` starts: what can only be said before the first ES module is loaded. */
import v8 = require('node:v8');

/**
 * Every source of `twnet live` holds one of libuv's threads while it waits for its next packet, and those are four by
 * default: with four sources nothing else would ever run. How many there are is read once, at the first use.
 */
process.env.UV_THREADPOOL_SIZE ??= '32';
/**
 * Labels and pictures lie outside V8's heap, which is small, and count as its growth: by default V8 collects garbage every
 * few frames, all of the heap each time (measured: 7 % of the processor's time). Four times the heap is the most that it
 * lets one grow anyway.
 */
v8.setFlagsFromString('--heap-growing-percent=300');
void import('./main.js');
