// The work that can be asked for with an answer: see survey/answering/proof_of_work.py, its other side.
// A hash of its own: crypto.subtle is missing on pages over plain http, and slower for short texts.
const LONGEST_PAUSE = 30; // milliseconds of work between two looks at what the visitor does
const fraction = (x) => (x - Math.floor(x)) * 2 ** 32 | 0;
const primes = [2];
for (let n = 3; primes.length < 64; n += 2) if (primes.every((p) => n % p)) primes.push(n);
// FIPS 180-4: fractions of the cube roots of 64 primes, and of the square roots of the first eight.
const ROUNDS = primes.map((p) => fraction(Math.cbrt(p)));
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const right = (x, n) => x >>> n | x << (32 - n);
const words = new Int32Array(64);
const block = new DataView(new ArrayBuffer(64));

/** The first 32 bits of the SHA-256 hash of an ASCII text of at most 55 characters. */
export const hash = (text) => {
  for (let i = 0; i < 64; i++) block.setUint8(i, text.charCodeAt(i));
  block.setUint8(text.length, 128);
  block.setUint32(60, text.length * 8);
  for (let i = 0; i < 64; i++) {
    const x = words[i - 15], y = words[i - 2];
    words[i] = i < 16 ? block.getInt32(4 * i) : words[i - 16] + words[i - 7]
      + (right(x, 7) ^ right(x, 18) ^ x >>> 3) + (right(y, 17) ^ right(y, 19) ^ y >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const one = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + (e & f ^ ~e & g) + ROUNDS[i] + words[i] | 0;
    const two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, d + one | 0, c, b, a, one + two | 0];
  }
  return a + START[0] >>> 0;
};

/** A number that proves so many bits (1 to 32) of work on the form with this token. */
export const prove = async (token, bits) => {
  const signature = token.slice(token.lastIndexOf(".") + 1);
  let since = performance.now();
  for (let n = 0; ; n++) {
    if (hash(`${signature}:${n}`) >>> (32 - bits) === 0) return String(n);
    if (n % 512 === 0 && performance.now() - since > LONGEST_PAUSE) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }
};
