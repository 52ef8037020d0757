// Holds the templates in a folder (cdk.out) against the AwsSolutions rules of
// cdk-nag. What is not mended has its reason in nag.json; anything else is an
// error, and so is a reason that nothing needs any more.
//
//     node infra/nag.cjs build/cdk.out
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const cdk = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks } = require('cdk-nag');

const folder = process.argv[2];
const reasons = JSON.parse(fs.readFileSync(path.join(__dirname, 'nag.json'), 'utf8'));

const app = new cdk.App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'nag-')), analyticsReporting: false });
process.on('exit', () => fs.rmSync(app.outdir, { recursive: true, force: true }));
const names = fs.readdirSync(folder).filter((name) => name.endsWith('.template.json'));
if (names.length === 0) throw new Error(`no templates in ${folder}: make synth`);
for (const name of names) {
  const template = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  delete template.Parameters?.BootstrapVersion; // the CLI's, not ours
  delete template.Rules;
  const copy = path.join(app.outdir, name);
  fs.writeFileSync(copy, JSON.stringify(template));
  const stack = new cdk.Stack(app, name.replace('.template.json', ''), { synthesizer: new cdk.LegacyStackSynthesizer() });
  new CfnInclude(stack, 'T', { templateFile: copy });
}
cdk.Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, verbose: false }));

// A finding is like "AwsSolutions-S1: The S3 Bucket has …" at /Data/T/Uploads….
const findings = [];
for (const stack of app.synth().stacks) {
  for (const message of stack.messages) {
    const text = String(message.entry.data);
    const rule = /^(AwsSolutions-\w+(?:\[[^\]]*\])?|CdkNag\w+)/.exec(text)?.[1];
    if (rule) findings.push({ rule, at: message.id.replace('/T/', '/').slice(1), text });
  }
}

const used = new Set();
const fresh = findings.filter(({ rule, at }) => {
  const known = reasons.find((r) => new RegExp(`^(?:${r.rule})$`).test(rule) && new RegExp(`^(?:${r.at})$`).test(at));
  if (known) used.add(known);
  return !known;
});
for (const { at, text } of fresh) console.error(`${at}: ${text}`);
const stale = reasons.filter((r) => !used.has(r) && !r.unless_absent);
for (const r of stale) console.error(`nag.json: nothing needs ${r.rule} at ${r.at}`);
const bare = reasons.filter((r) => !r.reason);
for (const r of bare) console.error(`nag.json: ${r.rule} at ${r.at} has no reason`);
console.log(`cdk-nag: ${names.length} templates, ${findings.length} findings, ${fresh.length} without a reason`);
process.exitCode = fresh.length + stale.length + bare.length > 0 ? 1 : 0;
