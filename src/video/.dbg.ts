import { movingTexture, writeClip } from './moving-texture.js';
import { Demuxer } from 'node-av/api';
import { Log } from 'node-av/lib';
import { AV_LOG_DEBUG, AV_LOG_QUIET } from 'node-av/constants';
import { readFileSync, writeFileSync } from 'node:fs';
const f='/tmp/v/dbg.mkv';
await writeClip(f,movingTexture(112,80,24,2.3,1.4));
const mode=process.argv[2];
const good=readFileSync(f);
let seed=1;const rnd=()=>{seed=(seed*1103515245+12345)&0x7fffffff;return seed/0x7fffffff};
for(let k=0;k<400;k++){
 if(mode==='gc'&&k%10===9)(globalThis as any).gc();
 if(mode==='mut'){const b=Buffer.from(good);for(let n=0;n<20;n++)b[Math.floor(b.length*rnd())]^=1<<Math.floor(8*rnd());writeFileSync('/tmp/v/dbgm.mkv',b);try{const d=await Demuxer.open('/tmp/v/dbgm.mkv');await d.close()}catch{}}
 if(mode==='nostr'){writeFileSync('/tmp/v/dbgm.mkv',good.subarray(0,Math.floor(good.length*rnd())));try{const d=await Demuxer.open('/tmp/v/dbgm.mkv');await d.close()}catch{}}
 const d=await Demuxer.open(f, mode==='wl'?{options:{protocol_whitelist:'file'}}:{});const n=d.getFormatContext().nbStreams;
 if(n!==1){console.log(mode,k,'streams',n); Log.setLevel(AV_LOG_DEBUG); await d.close(); await Demuxer.open(f).catch(e=>console.log(e.message)); break;}
 await d.close();
}
console.log(mode,'done');
