// Usage: node count.mjs REPORT → "passed failed skipped" of a vitest JSON report. A file that could not be loaded counts as one failure.
import { readFileSync } from 'node:fs';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
const count = (...statuses) => tests.filter((status) => statuses.includes(status)).length;
const broken = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;

console.log(count('passed'), count('failed') + broken, count('pending', 'skipped', 'todo', 'disabled'));
