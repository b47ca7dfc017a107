import { urlComplaint } from '@pagebridge/process';
import { Ajv, type ErrorObject } from 'ajv';
import { parse, YAMLParseError } from 'yaml';
import { type ClaimRules, orgPlace, type Policy, type PolicyDocument, policyDocument, type Rule } from './policy.ts';

/** An invalid policy; the message names each mistake and its place. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

const maxLength = 1024 * 1024;
// If a thousand rules have the same mistake, the first few are enough.
const complaintsShown = 5;

/** Parses a policy from YAML, which includes JSON. Throws PolicyError. */
export function parsePolicy(text: string): Policy {
  const document = checked(parsed(text));
  refuse(document.issuers.flatMap(complaintsOfIssuer));
  const only = document.issuers.length === 1 ? document.issuers[0]?.issuer : undefined;
  const rules = document.rules.map((rule) => ({ ...rule, issuer: rule.issuer ?? only ?? '' }));
  const issuers = new Map(document.issuers.map((issuer) => [issuer.issuer, issuer]));
  refuse(rules.flatMap((rule, index) => complaintsOfRule(rule, `rules/${index}`, issuers)));
  const byIssuer = Map.groupBy(rules, ({ issuer }) => issuer);
  return { issuers, rules: new Map([...byIssuer].map(([issuer, ofIssuer]) => [issuer, byClaim(ofIssuer)])) };
}

function byClaim(rules: readonly Rule[]): ClaimRules[] {
  return [...Map.groupBy(rules, ({ claim }) => claim)].map(([claim, ofClaim]) => ({
    claim,
    // Without rules with `{sourceOrg}`: a claim with this literal text must not match them.
    byValue: Map.groupBy(
      ofClaim.filter(({ value }) => !value.includes(orgPlace)),
      ({ value }) => value,
    ),
    byOrg: ofClaim.flatMap((rule) => {
      const [before = '', after] = rule.value.split(orgPlace);
      return after === undefined ? [] : [{ rule, before, after }];
    }),
  }));
}

function parsed(text: string): unknown {
  if (text.length > maxLength) throw new PolicyError('the policy is larger than 1 MiB');
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    // The other lines of the parser's message quote the text and would flood the log.
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const [message = ''] = (error as Error).message.split('\n');
    throw new PolicyError(
      `the policy is neither YAML nor JSON: ${line === undefined ? '' : `line ${line}: `}${message}`,
    );
  }
}

function checked(value: unknown): PolicyDocument {
  const validate = new Ajv({ allErrors: true, useDefaults: true }).compile<PolicyDocument>(policyDocument);
  if (validate(value)) return value;
  throw refusal((validate.errors ?? []).map(complaintOf));
}

function complaintOf({ instancePath, keyword, params, message }: ErrorObject): string {
  const place = instancePath.slice(1);
  const at = (name: unknown) => [place, name].filter(Boolean).join('/');
  if (keyword === 'required') return `${at(params.missingProperty)} is missing`;
  if (keyword === 'additionalProperties') return `${at(params.additionalProperty)} is unknown; remove it`;
  if (keyword === 'enum') return `${place} must be one of ${(params.allowedValues as string[]).join(', ')}`;
  return `${place || 'the policy'} ${message}`;
}

function complaintsOfIssuer(
  { issuer, jwksUri }: PolicyDocument['issuers'][number],
  index: number,
  all: PolicyDocument['issuers'],
): string[] {
  const place = `issuers/${index}`;
  const urls = Object.entries({ issuer, ...(jwksUri === undefined ? {} : { jwksUri }) });
  const complaints = urls.flatMap(([name, text]) => {
    const complaint = urlComplaint(text);
    return complaint ? [`${place}/${name} ${complaint}`] : [];
  });
  const first = all.findIndex((other) => other.issuer === issuer);
  return first === index ? complaints : [...complaints, `${place}/issuer is already in issuers/${first}; remove one`];
}

function complaintsOfRule(rule: Rule, place: string, issuers: Policy['issuers']): string[] {
  const complaints: string[] = [];
  const { issuer, value, role, sourceOrg } = rule;
  if (issuer === '') complaints.push(`${place}/issuer is missing: issuers has several, name one of them`);
  else if (!issuers.has(issuer)) complaints.push(`${place}/issuer is not in issuers; add it there or correct it`);
  const places = value.split(orgPlace).length - 1;
  const orgs = places + (sourceOrg === undefined ? 0 : 1);
  if (places > 1) complaints.push(`${place}/value must contain ${orgPlace} at most once`);
  else if (role === 'operator' && orgs > 0)
    complaints.push(`${place} names a source org, but operator applies to all source orgs`);
  else if (role !== 'operator' && orgs === 0)
    complaints.push(
      `${place}/sourceOrg is missing: ${role} applies to one source org; set it, or use ${orgPlace} in value`,
    );
  else if (orgs > 1) complaints.push(`${place} has both sourceOrg and ${orgPlace} in value; keep one`);
  return complaints;
}

function refuse(complaints: readonly string[]): void {
  if (complaints.length > 0) throw refusal(complaints);
}

function refusal(complaints: readonly string[]): PolicyError {
  const more = complaints.length - complaintsShown;
  return new PolicyError(
    `${complaints.slice(0, complaintsShown).join('; ')}${more > 0 ? `; and ${more} more` : ''} (docs/access.md)`,
  );
}
