#!/usr/bin/env node
/**
 * What `twnet` starts. Every source of `twnet live` holds one of libuv's threads while it waits for its next packet, and
 * those are four by default: with four sources nothing else would ever run. How many there are is read once, while the
 * first ES module is loaded, so a CommonJS one has to say it.
 */
process.env.UV_THREADPOOL_SIZE ??= '32';
void import('./main.js');
