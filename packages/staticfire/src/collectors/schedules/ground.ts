import type { CodeModel } from '../../code/model.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import type { Endpoints } from '../../facts/endpoints.ts';
import type { LiveCode, Reach, Reachability } from '../../facts/live.ts';
import type { Pipelines } from '../../facts/pipelines.ts';
import type { Project } from '../../facts/project.ts';
import type { Service, Services } from '../../facts/services.ts';
import type { Workspace } from '../../model/workspace.ts';

/** What schedules are read from. */
export interface Ground {
  readonly workspace: Workspace;
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly endpoints: Endpoints;
  readonly live: LiveCode;
  readonly pipelines: Pipelines;
  readonly project: Project;
  readonly reach: Reach;
  readonly reachability: Reachability;
  readonly service: Service;
  readonly services: Services;
  readonly sites: SitesByFile;
}

/** Files that import a package at run time. */
export const importing = (model: CodeModel, files: readonly string[], pattern: RegExp): readonly string[] =>
  files.filter((file) => model.get(file)?.head.imports.some(({ from, typeOnly }) => !typeOnly && pattern.test(from)));
