import { openVideo } from './open-video.js';
const r=async(f:string)=>{try{await using v=await openVideo(f);let n=0;for await(const _ of v)n++;return n+' '+JSON.stringify(v.losses)}catch(e){return String(e)}};
for(const f of process.argv.slice(2)) console.log(f, f==='gc'?(globalThis as any).gc():await r(f));
