/** The file name of a frame's labels: `000000.png`, `000001.png`, … */
export function labelFileName(index: number): string {
  return `${String(index).padStart(6, '0')}.png`;
}
