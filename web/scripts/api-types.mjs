// Writes src/api/types.ts: the schemas of openapi.yaml as TypeScript.
// `npm run types` does it; a test fails while the file is not what this makes.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const spec = new URL('../../openapi.yaml', import.meta.url);
const target = new URL('../src/api/types.ts', import.meta.url);

/** The text of types.ts for the specification as it is now. */
export async function generate() {
  const { components } = parse(await readFile(spec, 'utf8'));
  const types = Object.entries(components.schemas).map(([name, schema]) => {
    const head = comment(schema.description, '') + 'export ';
    return schema.type === 'object' && !schema.anyOf
      ? `${head}interface ${name} ${object(schema, '')}\n`
      : `${head}type ${name} = ${type(schema, '')};\n`;
  });
  return `// Made from openapi.yaml by scripts/api-types.mjs; change it there.\n\n${types.join('\n')}`;
}

function type(schema, indent) {
  if (schema.$ref) return schema.$ref.split('/').pop();
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const options = schema.oneOf ?? schema.anyOf;
  if (options && !schema.properties) return union(options.map((option) => type(option, indent)));
  if (Array.isArray(schema.type)) return union(schema.type.map((one) => type({ ...schema, type: one }, indent)));
  switch (schema.type) {
    case 'object':
      return object(schema, indent);
    case 'array': {
      const item = type(schema.items ?? {}, indent);
      if (schema.minItems !== undefined && schema.minItems === schema.maxItems) {
        return `[${Array(schema.minItems).fill(item).join(', ')}]`;
      }
      return /[ |]/.test(item) ? `Array<${item}>` : `${item}[]`;
    }
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case undefined:
      return 'unknown';
    default:
      throw new Error(`a type that this script does not know: ${JSON.stringify(schema)}`);
  }
}

function object(schema, indent) {
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    return `${comment(property.description, inner)}${inner}${name}${optional}: ${type(property, inner)};\n`;
  });
  if (members.length) return `{\n${members.join('')}${indent}}`;
  const values = Object.values(schema.patternProperties ?? {}).map((value) => type(value, indent));
  return `Record<string, ${values.length ? union(values) : 'unknown'}>`;
}

const union = (types) => [...new Set(types)].join(' | ');

const comment = (text, indent) => (text ? `${indent}/** ${text.trim().replaceAll('*/', '')} */\n` : '');

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await generate());
