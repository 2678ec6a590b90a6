import { parse } from 'jsonc-parser';
import { propOf, walkFile } from '../code/walk.ts';
import type { CodeModel } from '../code/model.ts';
import { type Expr, lineOf } from '../code/summary.ts';
import { code } from '../facts/code.ts';
import { coverageThresholds, type CoverageThreshold } from '../facts/coverage.ts';
import { type Manifest, project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirOf } from './pipelines/paths.ts';
import { parseYaml, text, type Yaml } from './pipelines/yaml.ts';

/** Thresholds in the configuration of test runners and of Codecov. */
export const coverageCollector = defineCollector({
  fact: coverageThresholds,
  needs: { code, project },
  collect: ({ workspace, facts }) =>
    known([
      ...facts.code.files.filter((file) => configFile.test(file)).flatMap((file) => inCode(facts.code, file)),
      ...facts.project.manifests.flatMap(inManifest),
      ...workspace.match(jsonFile).flatMap((file) => inJson(workspace, file)),
      ...workspace.match(/^(\.github\/|dev\/)?\.?codecov\.ya?ml$/).flatMap((file) => inCodecov(workspace, file)),
    ]),
});

const configFile =
  /(^|\/)(vite|vitest|jest|jest[.-][\w-]+|vitest[.-][\w-]+)\.(config|workspace|preset|unit|e2e|base|shared)(\.[\w-]+)?\.[cm]?[jt]s$|(^|\/)(jest|vitest)[\w.-]*\.(config\.)?[cm]?[jt]s$/;
const jsonFile = /(^|\/)(jest[\w.-]*\.json|\.nycrc(\.json)?|\.c8rc(\.json)?)$/;

/** Objects anywhere in the file: configuration is often built by helpers. */
function inCode(model: CodeModel, file: string): readonly CoverageThreshold[] {
  const summary = model.get(file)?.summary;
  const found: CoverageThreshold[] = [];
  if (!summary) return found;
  walkFile(summary, (expr) => {
    const one = expr.k === 'obj' ? thresholdIn(expr, file) : undefined;
    if (one && !found.some((other) => other.at.line === one.at.line)) found.push(one);
  });
  return found;
}

function thresholdIn(expr: Expr & { k: 'obj' }, file: string): CoverageThreshold | undefined {
  const jest = expr.props.find((prop) => prop.key === 'coverageThreshold');
  const base = (line: number): Omit<CoverageThreshold, 'tool' | 'enabled'> => ({
    at: { file, line },
    dir: dirOf(file),
  });
  if (jest && holds(jest.value))
    return { ...base(lineOf(jest.at)), tool: 'Jest', enabled: isOn(propOf(expr, 'collectCoverage')) };
  const coverage = propOf(expr, 'coverage');
  if (coverage?.k !== 'obj') return undefined;
  const own = coverage.props.find(
    (prop) => prop.key === 'thresholds' || ['lines', 'branches', 'functions', 'statements'].includes(prop.key),
  );
  return own && holds(own.value)
    ? { ...base(lineOf(own.at)), tool: 'Vitest', enabled: isOn(propOf(coverage, 'enabled')) }
    : undefined;
}

/** Zero everywhere is no threshold. */
function holds(value: Expr): boolean {
  if (value.k === 'num') return value.v !== 0;
  if (value.k === 'obj') return value.props.some((prop) => holds(prop.value));
  return value.k === 'bool' ? value.v : value.k !== 'undefined' && value.k !== 'null';
}

const isOn = (value: Expr | undefined): boolean => value?.k === 'bool' && value.v;

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

function inManifest(manifest: Manifest): readonly CoverageThreshold[] {
  const at = (...path: readonly string[]) => ({ file: manifest.file, line: manifest.lineOf(...path) ?? 1 });
  const jest = fields(manifest.raw['jest']);
  const own: CoverageThreshold[] = [];
  if (jest['coverageThreshold'])
    own.push({
      tool: 'Jest',
      at: at('jest', 'coverageThreshold'),
      dir: manifest.dir,
      enabled: jest['collectCoverage'] === true,
    });
  for (const tool of ['nyc', 'c8'] as const)
    if (fields(manifest.raw[tool])['check-coverage'] === true)
      own.push({ tool, at: at(tool), dir: manifest.dir, enabled: false });
  return own;
}

function inJson(workspace: Workspace, file: string): readonly CoverageThreshold[] {
  const config = fields(parse(workspace.read(file) ?? '', [], { allowTrailingComma: true }));
  const base = { at: { file, line: 1 }, dir: dirOf(file) };
  if (config['coverageThreshold']) return [{ ...base, tool: 'Jest', enabled: config['collectCoverage'] === true }];
  const tool = file.includes('c8rc') ? 'c8' : 'nyc';
  return config['check-coverage'] === true || config['checkCoverage'] === true
    ? [{ ...base, tool, enabled: false }]
    : [];
}

/** A project or patch status that is not only informational. */
function inCodecov(workspace: Workspace, file: string): readonly CoverageThreshold[] {
  const root = parseYaml(workspace.read(file) ?? '').documents[0];
  const status = entry(entry(root, 'coverage'), 'status');
  const own = ['project', 'patch'].flatMap((key) => entry(status, key) ?? []).filter((node) => isDemanding(node));
  return own.slice(0, 1).map((node) => ({ tool: 'Codecov', at: { file, line: node.line }, dir: '.', enabled: true }));
}

const entry = (node: Yaml | undefined, key: string): Yaml | undefined => node?.entries?.get(key)?.node;

function isDemanding(node: Yaml): boolean {
  if (node.value !== undefined) return !['off', 'false', 'no', 'null'].includes(text(node) ?? 'null');
  return [...(node.entries ?? [])].some(
    ([, { node: one }]) => entry(one, 'target') !== undefined && text(entry(one, 'informational')) !== 'true',
  );
}
