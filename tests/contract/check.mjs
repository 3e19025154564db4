// node check.mjs FILE: exit 0 when FILE is valid AsyncAPI 3. Whether examples and messages fit its schemas is held by the tests.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(readFileSync(file, 'utf8'));
const faults = diagnostics.filter(one => one.severity <= 1);
for (const { severity, message, path, range } of faults)
  console.error(`${file}:${range.start.line + 1}: ${severity === 0 ? 'error' : 'warning'}: ${message} (${path.join('.')})`);
if (!document || faults.length > 0)
  process.exit(1);
const examples = document.allMessages().all().reduce((sum, message) => sum + message.examples().all().length, 0);
console.log(`${file}: AsyncAPI ${document.version()}, ${document.allChannels().all().length} channels, ${examples} examples`);
