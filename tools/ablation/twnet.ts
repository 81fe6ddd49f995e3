import { spawn } from 'node:child_process';

const TWNET = ['--import', 'tsx', 'packages/bench/src/main.ts'];

/** Runs a command of twnet from this clone; gives what it prints. Progress stays on the terminal. */
export function twnet(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...TWNET, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`twnet ${args.join(' ')} ended with ${code}`));
    });
  });
}
