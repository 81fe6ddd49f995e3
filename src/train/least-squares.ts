/** Ridge regression from its normal equations. */

/**
 * Solves W (G + λ I) = B for W, with G [n × n] symmetric and positive, B [m × n], row-major; λ is `ridge` times
 * G's mean diagonal. Cholesky's factorisation, in double precision.
 */
export function solveRidge(gram: Float32Array, cross: Float32Array, n: number, ridge: number): Float32Array {
  const factor = choleskyFactor(gram, n, ridge);
  const solution = new Float32Array(cross.length);
  const row = new Float64Array(n);
  for (let start = 0; start < cross.length; start += n) {
    for (let i = 0; i < n; i++) {
      let sum = cross[start + i];
      for (let k = 0; k < i; k++) sum -= factor[i * n + k] * row[k];
      row[i] = sum / factor[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      const value = row[i] / factor[i * n + i];
      row[i] = value;
      // Back substitution by columns of the factor's transpose, which are its rows.
      for (let k = 0; k < i; k++) row[k] -= factor[i * n + k] * value;
    }
    solution.set(row, start);
  }
  return solution;
}

function choleskyFactor(gram: Float32Array, n: number, ridge: number): Float64Array {
  let diagonal = 0;
  for (let i = 0; i < n; i++) diagonal += gram[i * n + i];
  const lambda = (ridge * diagonal) / n;
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j] + (i === j ? lambda : 0);
      const a = i * n;
      const b = j * n;
      for (let k = 0; k < j; k++) sum -= factor[a + k] * factor[b + k];
      factor[a + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[b + j];
    }
  }
  return factor;
}
