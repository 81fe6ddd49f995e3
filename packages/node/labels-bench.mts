import { readFileSync, mkdtempSync, cpSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
const require_ = createRequire(import.meta.url);
const asc = require_.resolve('assemblyscript/package.json').replace('package.json','bin/asc.js');
function compile(dir: string){ const out=`${dir}/k.wasm`; const r=spawnSync(process.execPath,[asc,'index.ts','--baseDir',dir,'-o',out,'-O3','--runtime','stub','--importMemory','--noAssert','--enable','simd'],{encoding:'utf8'}); if(r.status!==0) throw new Error(r.stderr); return readFileSync(out);}
const src='packages/core/src/kernels/assembly';
const dirs=['/tmp/pic/new','/tmp/pic/old'];
for(const d of dirs) cpSync(src,d,{recursive:true});
cpSync('/tmp/pic/labels-old.ts','/tmp/pic/old/labels.ts');
const inst=(bin:Buffer)=>{const memory=new WebAssembly.Memory({initial:1000});return {memory,run:new WebAssembly.Instance(new WebAssembly.Module(bin),{env:{memory}}).exports as any};};
const N=inst(compile(dirs[0])), O=inst(compile(dirs[1]));
const [W,H]=(process.argv[2]??'2048x1024').split('x').map(Number); const C=19;
function scoresAt(stride:number){const rows=Math.ceil(H/stride),cols=Math.ceil(W/stride);const a=new Float32Array(C*rows*cols);
 let seed=1;const rnd=()=>(seed=(seed*1103515245+12345)&0x7fffffff)/0x7fffffff;
 for(let c=0;c<C;c++){const ws=Array.from({length:6},()=>[rnd()-.5,rnd()-.5,rnd()*6,1+2*rnd()]);
 for(let y=0;y<rows;y++)for(let x=0;x<cols;x++){let v=c<6?3:0;const X=x*stride,Y=y*stride;for(const [fx,fy,p,am] of ws)v+=am*Math.sin(0.04*(fx*X+fy*Y)+p);a[(c*rows+y)*cols+x]=v+0.2*rnd();}}
 return {a,rows,cols};}
const jobs=[['old 4',O,4],['new 4',N,4],['new 8',N,8]] as const;
const base=1<<16;
const set=jobs.map(([name,k,stride])=>{const {a,rows,cols}=scoresAt(stride);const s=k.run.heapBase();const at=(s+63)&~63;const scr=at+a.byteLength+64;const out=scr+rows*cols+W+256;
 const call=()=>{ const line=scr+rows*cols+32; if(name==='old 4') k.run.enlargedLabels(at,C,rows,cols,W,H,scr,line,out); else k.run.enlargedLabels(at,C,rows,cols,W,H,stride,scr,line,out);};
 return {name,call,fill:()=>new Float32Array(k.memory.buffer,at,a.length).set(a),labels:()=>Buffer.from(k.memory.buffer,out,W*H),t:[] as number[],a,rows,cols};});
for(let i=0;i<14;i++)for(const s of set){s.fill();const b=performance.now();s.call();s.t.push(performance.now()-b);}
for(const s of set){const t=s.t.slice(3).sort((a,b)=>a-b);console.log(s.name,'median',t[t.length>>1].toFixed(2),'min',t[0].toFixed(2));}
set[0].fill();set[0].call();const o=Buffer.from(set[0].labels());set[1].fill();set[1].call();console.log('equal',Buffer.compare(o,set[1].labels())===0);
let mixed=0;{const l=set[1].labels();for(let y=0;y<H-8;y+=8)for(let x=0;x<W-8;x+=8){const v=l[(y+4)*W+x+4];if(l[(y+4)*W+x+11]!==v||l[(y+11)*W+x+4]!==v)mixed++;}console.log('mixed share at 8:',(mixed/(W*H/64)).toFixed(3));}
